package io.maskstream.camera;

import io.maskstream.wire.Identity;
import io.maskstream.wire.Identity.TimeBase;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;

/// Numbers the access units of one session. Not thread-safe.
final class Session {

  private final String cameraId;
  private final String id;
  private final InstantSource clock;
  private final Instant begun;
  private long sequence;

  Session(String cameraId, String id, InstantSource clock) {
    this.cameraId = cameraId;
    this.id = id;
    this.clock = clock;
    this.begun = clock.instant();
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

  /// When the session began.
  Instant begun() {
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
