package io.maskstream.camera;

import io.maskstream.wire.AccessUnit;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Counts what one camera publishes. Thread-safe: the camera's thread counts, another reads.
final class Meter {

  private final String cameraId;
  private final InstantSource clock;
  private long units;
  private long bytes;
  private long dropped;
  private int reconnects;
  private boolean up;
  private Duration lag = Duration.ZERO;
  private Duration keyframeGap = Duration.ZERO;
  private Instant lastKeyframe = Instant.MIN;
  private Instant lastRead;
  private long unitsAtLastRead;
  private long bytesAtLastRead;

  Meter(String cameraId, InstantSource clock) {
    this.cameraId = cameraId;
    this.clock = clock;
    this.lastRead = clock.instant();
  }

  synchronized void published(AccessUnit unit) {
    up = true;
    units++;
    bytes += unit.data().remaining();
    Instant captured = unit.identity().captureTime();
    lag = Duration.between(captured, clock.instant());
    if (unit.keyframe()) {
      if (lastKeyframe.isAfter(Instant.MIN)) {
        keyframeGap = Duration.between(lastKeyframe, captured);
      }
      lastKeyframe = captured;
    }
  }

  synchronized void dropped() {
    dropped++;
  }

  synchronized void reconnecting() {
    reconnects++;
  }

  synchronized void down() {
    up = false;
    lastKeyframe = Instant.MIN;
  }

  /// What was counted, with rates since it was read last.
  synchronized CameraReading read() {
    Instant now = clock.instant();
    double seconds = Duration.between(lastRead, now).toNanos() / 1e9;
    double fps = seconds > 0 ? (units - unitsAtLastRead) / seconds : 0;
    double bytesPerSecond = seconds > 0 ? (bytes - bytesAtLastRead) / seconds : 0;
    lastRead = now;
    unitsAtLastRead = units;
    bytesAtLastRead = bytes;
    return new CameraReading(
        cameraId, up, units, dropped, fps, bytesPerSecond, keyframeGap, lag, reconnects);
  }
}
