package io.maskstream.view;

import io.maskstream.bitstream.Bits;
import io.maskstream.wire.AccessUnit;
import java.nio.ByteBuffer;

/// What a browser calls a coding: a codec string of WebCodecs, or a media type of pictures.
final class CodecName {

  static final String JPEG = "image/jpeg";

  private CodecName() {}

  /// @param unit a keyframe, whose parameter sets say more than the codec
  /// @return empty if browsers have no name for it
  static String of(AccessUnit unit) {
    ByteBuffer data = unit.data();
    return switch (unit.codec()) {
      case H264 -> h264(data);
      case HEVC -> hevc(data);
      case VP8 -> "vp8";
      case VP9 -> vp9(data);
      case AV1 -> "av01.0.08M.08";
      case MJPEG -> JPEG;
      case PNG -> "image/png";
      case MPEG4, MPEG2 -> "";
    };
  }

  /// RFC 6381, 3.3: profile, constraints and level as they stand in the parameter set.
  private static String h264(ByteBuffer data) {
    int at = unit(data, 31, 0, 7);
    if (at < 0 || at + 3 >= data.limit()) {
      return "avc1.42e01e";
    }
    return "avc1.%02x%02x%02x".formatted(data.get(at + 1), data.get(at + 2), data.get(at + 3));
  }

  /// ISO 14496-15, E.3, of the profile, tier and level in the parameter set (H.265 7.3.3).
  private static String hevc(ByteBuffer data) {
    int at = unit(data, 63, 1, 33);
    if (at < 0) {
      return "hev1.1.6.L120.90";
    }
    Bits bits = Bits.ofUnit(data.slice(at + 2, data.limit() - at - 2)).skip(8);
    String space = new String[] {"", "A", "B", "C"}[(int) bits.read(2)];
    String tier = bits.flag() ? "H" : "L";
    long profile = bits.read(5);
    long compatible = Integer.toUnsignedLong(Integer.reverse((int) bits.read(32)));
    long[] constraints = new long[6];
    int used = 0;
    for (int i = 0; i < constraints.length; i++) {
      constraints[i] = bits.read(8);
      used = constraints[i] == 0 ? used : i + 1;
    }
    StringBuilder name =
        new StringBuilder(
            "hev1.%s%d.%x.%s%d".formatted(space, profile, compatible, tier, bits.read(8)));
    for (int i = 0; i < used; i++) {
      name.append(".%x".formatted(constraints[i]));
    }
    return name.toString();
  }

  /// The profile is in the first byte (VP9 bitstream specification 6.2).
  private static String vp9(ByteBuffer data) {
    int first = data.get(0);
    int profile = first >> 5 & 1 | (first >> 4 & 1) << 1;
    return profile < 2 ? "vp09.0%d.41.08".formatted(profile) : "vp09.0%d.41.10".formatted(profile);
  }

  /// Where the first unit of a type begins, behind its start code; -1 if there is none.
  private static int unit(ByteBuffer data, int mask, int shift, int type) {
    for (int i = 0; i + 3 < data.limit(); i++) {
      if (data.get(i) == 0
          && data.get(i + 1) == 0
          && data.get(i + 2) == 1
          && (data.get(i + 3) >> shift & mask) == type) {
        return i + 3;
      }
    }
    return -1;
  }
}
