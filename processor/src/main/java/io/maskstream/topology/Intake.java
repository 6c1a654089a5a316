package io.maskstream.topology;

import io.maskstream.topology.FrameLog.Logged;
import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.AccessUnits;
import io.maskstream.wire.WireException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The door of the stream: records become access units here, or dead letters.
final class Intake {

  private Intake() {}

  /// The key decides the partition, and with it who answers the camera in order: it has to be the
  /// camera id.
  ///
  /// @throws WireException with the reason for the dead letter
  static AccessUnit read(Logged record, int largestBytes) {
    byte[] value = record.value();
    if (value != null && value.length > largestBytes) {
      throw new WireException(
          "the record is larger than allowed: bytes=" + value.length + " limit=" + largestBytes);
    }
    return AccessUnits.parse(cameraId(record), value, largestBytes);
  }

  /// Whose record it is, by its key alone.
  static @Nullable String cameraId(Logged record) {
    byte[] key = record.key();
    return key == null ? null : new String(key, StandardCharsets.UTF_8);
  }
}
