package io.maskstream.video;

import io.maskstream.bitstream.Bits;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Reads the sequence headers of AV1: libaom allocates before FFmpeg sees how large a picture is.
final class Av1Units {

  private static final int SEQUENCE_HEADER = 1;

  private Av1Units() {}

  /// The largest size of the sequence headers of a temporal unit (AV1 5.3, 5.5).
  static @Nullable Size size(ByteBuffer bytes) {
    Size largest = null;
    int at = 0;
    while (at < bytes.limit()) {
      int header = bytes.get(at++);
      boolean extension = (header & 4) != 0;
      boolean sized = (header & 2) != 0;
      at += extension ? 1 : 0;
      long length = bytes.limit() - at;
      if (sized) {
        length = 0;
        for (int i = 0; i < 8 && at < bytes.limit(); i++) {
          int b = bytes.get(at++);
          length |= (long) (b & 0x7f) << 7 * i;
          if ((b & 0x80) == 0) {
            break;
          }
        }
      }
      if (length < 0 || length > bytes.limit() - at) {
        break;
      }
      if ((header >> 3 & 15) == SEQUENCE_HEADER) {
        Size size = sequence(new Bits(bytes.slice(at, (int) length)));
        largest =
            largest == null || size != null && size.pixels() > largest.pixels() ? size : largest;
      }
      at += (int) length;
    }
    return largest;
  }

  private static @Nullable Size sequence(Bits bits) {
    bits.skip(3 + 1);
    if (bits.flag()) { // reduced_still_picture_header
      bits.skip(5);
    } else {
      operatingPoints(bits);
    }
    int widthBits = (int) bits.read(4) + 1;
    int heightBits = (int) bits.read(4) + 1;
    return UnitHeader.size(bits.read(widthBits) + 1, bits.read(heightBits) + 1);
  }

  private static void operatingPoints(Bits bits) {
    boolean decoderModel = false;
    int delayBits = 0;
    if (bits.flag()) { // timing_info
      bits.skip(32 + 32);
      if (bits.flag()) {
        bits.readGolomb();
      }
      decoderModel = bits.flag();
      if (decoderModel) {
        delayBits = (int) bits.read(5) + 1;
        bits.skip(32 + 5 + 5);
      }
    }
    boolean displayDelay = bits.flag();
    long points = bits.read(5) + 1;
    for (long i = 0; i < points; i++) {
      bits.skip(12);
      if (bits.read(5) > 7) {
        bits.skip(1);
      }
      if (decoderModel && bits.flag()) {
        bits.skip(2 * delayBits + 1);
      }
      if (displayDelay && bits.flag()) {
        bits.skip(4);
      }
    }
  }
}
