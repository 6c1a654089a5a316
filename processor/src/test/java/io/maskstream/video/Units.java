package io.maskstream.video;

import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.AccessUnit.ColorMatrix;
import io.maskstream.wire.AccessUnit.ColorRange;
import io.maskstream.wire.Codec;
import io.maskstream.wire.Identity;
import io.maskstream.wire.Identity.TimeBase;
import java.nio.ByteBuffer;
import java.time.Instant;

/// Access units for the tests.
final class Units {

  private Units() {}

  static AccessUnit unit(Codec codec, long sequence, long pts, boolean keyframe, ByteBuffer data) {
    return unit(codec, sequence, pts, keyframe, data, 0);
  }

  static AccessUnit unit(
      Codec codec, long sequence, long pts, boolean keyframe, ByteBuffer data, int rotation) {
    Identity identity =
        new Identity("gate", "session", sequence, pts, new TimeBase(1, 90_000), Instant.EPOCH);
    return new AccessUnit(
        identity,
        codec,
        keyframe,
        data,
        rotation,
        ColorMatrix.UNSPECIFIED,
        ColorRange.UNSPECIFIED,
        false);
  }

  static AccessUnit withColor(AccessUnit unit, ColorMatrix matrix, ColorRange range) {
    return new AccessUnit(
        unit.identity(),
        unit.codec(),
        unit.keyframe(),
        unit.data(),
        unit.rotationDegrees(),
        matrix,
        range,
        false);
  }
}
