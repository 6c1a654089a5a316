package io.maskstream.video;

import io.maskstream.bitstream.Bits;
import io.maskstream.wire.Codec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/// What the headers of an access unit say before any of it is decoded.
///
/// @param picture whether there is a picture in it, not parameter sets alone
/// @param disposable whether no other picture can refer to it
/// @param leading whether it precedes its keyframe in presentation and refers behind it (H.265:
///   RASL); known for H.265 only
/// @param refreshes whether nothing after it can refer behind it (H.264: IDR); known for H.264 only
/// @param reorderDepth how many pictures may wait for one presented before them, for an H.264
///   parameter set that reorders, but does not say how far: its reference pictures; else 0
/// @param prefixBytes how many bytes stand before the picture itself: parameter sets and remarks
/// @param size the coded size that it announces, if it announces any; the largest if several
record UnitHeader(
    boolean picture,
    boolean disposable,
    boolean leading,
    boolean refreshes,
    int reorderDepth,
    int prefixBytes,
    @Nullable Size size) {

  private static final UnitHeader PLAIN = new UnitHeader(true, false, false, false, 0, 0, null);

  static UnitHeader read(Codec codec, ByteBuffer data) {
    ByteBuffer bytes = data.slice().order(ByteOrder.BIG_ENDIAN);
    return switch (codec) {
      case H264 -> NalUnits.readH264(bytes);
      case HEVC -> NalUnits.readHevc(bytes);
      case MPEG2 -> readMpeg2(bytes);
      case MPEG4 -> readMpeg4(bytes);
      case VP8 -> ofSize(vp8(bytes));
      case VP9 -> ofSize(vp9(bytes));
      case AV1 -> ofSize(Av1Units.size(bytes));
      case MJPEG -> alone(jpeg(bytes));
      case PNG -> alone(png(bytes));
    };
  }

  private static UnitHeader ofSize(@Nullable Size size) {
    return size == null ? PLAIN : new UnitHeader(true, false, false, false, 0, 0, size);
  }

  /// Of a codec without references between pictures.
  private static UnitHeader alone(@Nullable Size size) {
    return new UnitHeader(true, true, false, false, 0, 0, size);
  }

  static @Nullable Size size(long width, long height) {
    boolean sane = width > 0 && height > 0 && width <= 1 << 20 && height <= 1 << 20;
    return sane ? new Size((int) width, (int) height) : null;
  }

  /// ISO 13818-2, 6.2.2.1 and 6.2.3: picture_coding_type 3 is a B-picture.
  private static UnitHeader readMpeg2(ByteBuffer bytes) {
    Size size = null;
    boolean picture = false;
    boolean disposable = true;
    for (int at = startCode(bytes, 0); at >= 0; at = startCode(bytes, at)) {
      int code = bytes.get(at) & 0xff;
      Bits bits = new Bits(bytes.slice(at + 1, bytes.limit() - at - 1));
      if (code == 0xb3) {
        size = size(bits.read(12), bits.read(12));
      } else if (code == 0) {
        picture = true;
        disposable &= bits.skip(10).read(3) == 3;
      } else if (code <= 0xaf) {
        break; // slices to the end
      }
    }
    return new UnitHeader(picture, picture && disposable, false, false, 0, 0, size);
  }

  /// ISO 14496-2, 6.2.5: vop_coding_type 2 is a B-VOP.
  private static UnitHeader readMpeg4(ByteBuffer bytes) {
    boolean picture = false;
    boolean disposable = true;
    for (int at = startCode(bytes, 0); at >= 0; at = startCode(bytes, at)) {
      if ((bytes.get(at) & 0xff) == 0xb6) {
        picture = true;
        disposable &= at + 1 < bytes.limit() && (bytes.get(at + 1) >> 6 & 3) == 2;
      }
    }
    return new UnitHeader(picture, picture && disposable, false, false, 0, 0, null);
  }

  /// The position behind the next 00 00 01, or -1.
  static int startCode(ByteBuffer bytes, int from) {
    for (int i = from; i + 3 < bytes.limit(); i++) {
      if (bytes.get(i + 2) > 1) {
        i += 2;
      } else if (bytes.get(i) == 0 && bytes.get(i + 1) == 0 && bytes.get(i + 2) == 1) {
        return i + 3;
      }
    }
    return -1;
  }

  /// RFC 6386, 9.1.
  private static @Nullable Size vp8(ByteBuffer bytes) {
    if (bytes.limit() < 10 || (bytes.get(0) & 1) == 1) {
      return null;
    }
    int width = (bytes.get(6) & 0xff) | (bytes.get(7) & 0x3f) << 8;
    int height = (bytes.get(8) & 0xff) | (bytes.get(9) & 0x3f) << 8;
    return size(width, height);
  }

  /// VP9 bitstream specification 6.2: only keyframes are read.
  private static @Nullable Size vp9(ByteBuffer bytes) {
    Bits bits = new Bits(bytes).skip(2);
    int profile = (bits.flag() ? 1 : 0) | (bits.flag() ? 2 : 0);
    if (profile == 3) {
      bits.skip(1);
    }
    boolean showsExisting = bits.flag();
    boolean refers = bits.flag();
    if (showsExisting || refers) {
      return null;
    }
    bits.skip(2 + 24);
    if (profile >= 2) {
      bits.skip(1);
    }
    boolean rgb = bits.read(3) == 7;
    if (!rgb) {
      bits.skip(profile % 2 == 1 ? 4 : 1);
    } else if (profile % 2 == 1) {
      bits.skip(1);
    }
    return size(bits.read(16) + 1, bits.read(16) + 1);
  }

  /// ITU-T T.81, B.2.2: the largest of the frame headers, whatever stands before them.
  private static @Nullable Size jpeg(ByteBuffer bytes) {
    Size largest = null;
    int at = 2;
    while (at + 9 <= bytes.limit()) {
      int marker = bytes.get(at + 1) & 0xff;
      if (bytes.get(at) != (byte) 0xff || marker == 0xff || marker == 0 || isBare(marker)) {
        at++;
        continue;
      }
      boolean frame = marker >= 0xc0 && marker <= 0xcf && marker % 4 != 0 || marker == 0xc0;
      if (frame) {
        Size size = size(bytes.getShort(at + 7) & 0xffff, bytes.getShort(at + 5) & 0xffff);
        largest =
            largest == null || size != null && size.pixels() > largest.pixels() ? size : largest;
      }
      at += 2 + Math.max(2, bytes.getShort(at + 2) & 0xffff);
    }
    return largest;
  }

  /// Whether a JPEG's end marker follows the start of its samples; zeros may follow. A cut one
  /// FFmpeg fills with grey.
  static boolean jpegEnds(ByteBuffer data) {
    for (int i = data.limit() - 2; i >= data.position(); i--) {
      if (data.get(i) == (byte) 0xff) {
        int marker = data.get(i + 1) & 0xff;
        if (marker == 0xd9 || marker == 0xda) {
          return marker == 0xd9;
        }
      }
    }
    return false;
  }

  /// Start, end, restarts: markers without a length.
  private static boolean isBare(int marker) {
    return marker >= 0xd0 && marker <= 0xd9 || marker == 1;
  }

  private static @Nullable Size png(ByteBuffer bytes) {
    boolean header = bytes.limit() >= 24 && bytes.getInt(12) == 0x49484452; // IHDR
    return header ? size(bytes.getInt(16), bytes.getInt(20)) : null;
  }
}
