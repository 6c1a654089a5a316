package io.maskstream.camera;

import java.nio.ByteBuffer;
import java.util.List;

/// Finds the access units that decoding can start at.
///
/// FFmpeg's own flag also marks the begin of a gradual refresh, from which the first pictures are
/// broken; so H.264 and H.265 are judged by their NAL units.
final class RandomAccess {

  private static final int H264_IDR = 5;
  private static final int H264_SEI = 6;
  private static final int SEI_RECOVERY_POINT = 6;
  private static final int HEVC_FIRST_IRAP = 16;
  private static final int HEVC_LAST_IRAP = 21;

  private RandomAccess() {}

  /// H.264 7.4.1.2.4: an IDR picture, or a recovery point that is exact at once (D.2.8).
  static boolean h264(List<ByteBuffer> units) {
    for (ByteBuffer unit : units) {
      int type = unit.get(0) & 0x1f;
      if (type == H264_IDR || (type == H264_SEI && recoversAtOnce(unit))) {
        return true;
      }
    }
    return false;
  }

  /// H.265 7.4.2.2: an intra random access point, that is IDR, BLA or CRA.
  static boolean hevc(List<ByteBuffer> units) {
    for (ByteBuffer unit : units) {
      int type = unit.get(0) >> 1 & 0x3f;
      if (type >= HEVC_FIRST_IRAP && type <= HEVC_LAST_IRAP) {
        return true;
      }
    }
    return false;
  }

  /// Whether an SEI unit holds a recovery point with recovery_frame_cnt = 0, whose code is a single
  /// one bit.
  private static boolean recoversAtOnce(ByteBuffer sei) {
    int at = 1;
    while (at + 2 < sei.limit()) {
      int type = 0;
      int size = 0;
      while (at < sei.limit() && sei.get(at) == (byte) 0xff) {
        type += 255;
        at++;
      }
      if (at >= sei.limit()) {
        return false;
      }
      type += sei.get(at++) & 0xff;
      while (at < sei.limit() && sei.get(at) == (byte) 0xff) {
        size += 255;
        at++;
      }
      if (at >= sei.limit()) {
        return false;
      }
      size += sei.get(at++) & 0xff;
      if (type == SEI_RECOVERY_POINT) {
        return at < sei.limit() && (sei.get(at) & 0x80) != 0;
      }
      at += size;
    }
    return false;
  }
}
