package io.maskstream.video;

import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.AccessUnit.ColorMatrix;
import io.maskstream.wire.AccessUnit.ColorRange;
import io.maskstream.wire.Codec;

/// What an access unit says about showing its picture; kept while the picture is held back, without
/// the coded bytes.
record PictureHints(
    long sequence,
    Codec codec,
    int rotationDegrees,
    ColorMatrix colorMatrix,
    ColorRange colorRange) {

  static PictureHints of(AccessUnit unit) {
    return new PictureHints(
        unit.identity().sequence(),
        unit.codec(),
        unit.rotationDegrees(),
        unit.colorMatrix(),
        unit.colorRange());
  }
}
