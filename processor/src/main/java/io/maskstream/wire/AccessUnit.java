package io.maskstream.wire;

import java.nio.ByteBuffer;

/// One coded picture of one camera, in decoding order, or the end of a session.
///
/// @param identity which picture this is
/// @param codec how data is coded
/// @param keyframe whether decoding can start here (H.264, H.265: IDR)
/// @param data the coded bytes of exactly one picture, Annex B for H.264 and H.265; read-only and
///   from position 0; empty only at the end of a session
/// @param rotationDegrees clockwise turn that makes the picture upright: 0, 90, 180 or 270
/// @param colorMatrix the container's word, for a bit stream that does not say
/// @param colorRange the container's word, for a bit stream that does not say
/// @param endOfSession whether this ends the session instead of carrying a picture
public record AccessUnit(
    Identity identity,
    Codec codec,
    boolean keyframe,
    ByteBuffer data,
    int rotationDegrees,
    ColorMatrix colorMatrix,
    ColorRange colorRange,
    boolean endOfSession) {

  public AccessUnit {
    data = data.slice().asReadOnlyBuffer();
    if (!data.hasRemaining() && !endOfSession) {
      throw new IllegalArgumentException("access unit is empty");
    }
    if (data.hasRemaining() && endOfSession) {
      throw new IllegalArgumentException("end of session carries a picture");
    }
    switch (rotationDegrees) {
      case 0, 90, 180, 270 -> {}
      default ->
          throw new IllegalArgumentException(
              "rotation_degrees is not 0, 90, 180 or 270: " + rotationDegrees);
    }
  }

  /// The matrix between Y'CbCr and R'G'B'.
  public enum ColorMatrix {
    UNSPECIFIED,
    BT601,
    BT709,
    BT2020
  }

  /// The range of luma.
  public enum ColorRange {
    UNSPECIFIED,
    LIMITED,
    FULL
  }
}
