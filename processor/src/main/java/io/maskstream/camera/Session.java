package io.maskstream.camera;

import io.maskstream.wire.Identity;
import io.maskstream.wire.Identity.TimeBase;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Numbers the access units of one session. Not thread-safe.
final class Session {

  private final String cameraId;
  private final String id;
  private final InstantSource clock;
  private @Nullable Instant begun;
  private long sequence;

  Session(String cameraId, String id, InstantSource clock) {
    this.cameraId = cameraId;
    this.id = id;
    this.clock = clock;
  }

  static Session begin(String cameraId, InstantSource clock) {
    return new Session(cameraId, UUID.randomUUID().toString(), clock);
  }

  String cameraId() {
    return cameraId;
  }

  String id() {
    return id;
  }

  /// When the session began: when this is first asked, which is with its first picture. Opening
  /// takes a while, and what it takes is no latency.
  Instant begun() {
    if (begun == null) {
      begun = clock.instant();
    }
    return begun;
  }

  Instant now() {
    return clock.instant();
  }

  /// Identifies the next access unit in decoding order.
  Identity next(long pts, TimeBase timeBase, Instant captureTime) {
    return new Identity(cameraId, id, sequence++, pts, timeBase, captureTime);
  }
}
