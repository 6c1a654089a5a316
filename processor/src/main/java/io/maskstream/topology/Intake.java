package io.maskstream.topology;

import io.maskstream.topology.FrameLog.Logged;
import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.WireException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The door of the stream: records become access units here, or dead letters.
final class Intake {

  private Intake() {}

  /// @throws WireException with the reason for the dead letter
  static AccessUnit read(Logged record, int largestBytes) {
    byte[] key = record.key();
    if (key == null) {
      throw new WireException("the record has no key; the camera id is its key");
    }
    byte[] value = record.value();
    if (value == null || value.length == 0) {
      throw new WireException("the record has no value; an access unit is its value");
    }
    if (value.length > largestBytes) {
      throw new WireException(
          "the access unit is larger than allowed: bytes=" + value.length + " allowed=" + largestBytes);
    }
    AccessUnit unit = AccessUnit.parse(value);
    // The key decides the partition, and with it who answers the camera in order.
    if (!Arrays.equals(key, unit.identity().cameraId().getBytes(StandardCharsets.UTF_8))) {
      throw new WireException(
          "the key is not the camera id of the access unit: camera=" + unit.identity().cameraId(),
          unit.identity(),
          null);
    }
    return unit;
  }

  /// Whose record it is, by its key alone.
  static @Nullable String cameraId(Logged record) {
    byte[] key = record.key();
    return key == null ? null : new String(key, StandardCharsets.UTF_8);
  }
}
