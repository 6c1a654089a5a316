package io.maskstream.video;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Reads the network abstraction layer units of an H.264 or H.265 access unit in Annex B form.
final class NalUnits {

  private static final int BASELINE = 66;

  private NalUnits() {}

  static UnitHeader readH264(ByteBuffer bytes) {
    boolean picture = false;
    boolean disposable = true;
    int reorderDepth = 0;
    Size largest = null;
    for (int at = UnitHeader.startCode(bytes, 0); at >= 0; at = UnitHeader.startCode(bytes, at)) {
      int type = bytes.get(at) & 31;
      if (type >= 1 && type <= 5) {
        picture = true;
        disposable &= (bytes.get(at) >> 5 & 3) == 0;
      } else if (type == 7) {
        Sequence sequence = h264Sequence(parameterSet(bytes, at + 1));
        reorderDepth = Math.max(reorderDepth, sequence.reorderDepth());
        largest = larger(largest, sequence.size());
      }
    }
    return new UnitHeader(picture, picture && disposable, false, reorderDepth, largest);
  }

  static UnitHeader readHevc(ByteBuffer bytes) {
    boolean picture = false;
    boolean leading = false;
    Size largest = null;
    for (int at = UnitHeader.startCode(bytes, 0); at >= 0; at = UnitHeader.startCode(bytes, at)) {
      int type = bytes.get(at) >> 1 & 63;
      if (type < 32) {
        picture = true;
        leading |= type == 8 || type == 9; // RASL_N, RASL_R
      } else if (type == 33) {
        largest = larger(largest, hevcSize(parameterSet(bytes, at + 2)));
      }
    }
    return new UnitHeader(picture, false, leading, 0, largest);
  }

  private static @Nullable Size larger(@Nullable Size one, @Nullable Size other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.pixels() >= other.pixels() ? one : other;
  }

  /// Parameter sets are short; a long one is not worth reading to its end.
  private static Bits parameterSet(ByteBuffer bytes, int at) {
    int next = UnitHeader.startCode(bytes, Math.min(at, bytes.limit()));
    int end = Math.min(next < 0 ? bytes.limit() : next - 3, at + 1024);
    return Bits.ofUnit(bytes.slice(Math.min(at, end), Math.max(0, end - at)));
  }

  private record Sequence(@Nullable Size size, int reorderDepth) {}

  /// H.264 7.3.2.1.1.
  private static Sequence h264Sequence(Bits bits) {
    int profile = (int) bits.read(8);
    bits.skip(16).readGolomb();
    switch (profile) {
      case 100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135 -> highProfile(bits);
      default -> {}
    }
    bits.readGolomb();
    long orderType = bits.readGolomb();
    if (orderType == 0) {
      bits.readGolomb();
    } else if (orderType == 1) {
      bits.skip(1);
      bits.readSignedGolomb();
      bits.readSignedGolomb();
      long cycle = Math.min(255, bits.readGolomb());
      for (long i = 0; i < cycle; i++) {
        bits.readSignedGolomb();
      }
    }
    int references = (int) Math.min(16, bits.readGolomb());
    bits.skip(1);
    long width = 16 * (bits.readGolomb() + 1);
    long height = 16 * (bits.readGolomb() + 1);
    if (!bits.flag()) { // frame_mbs_only_flag
      height *= 2;
      bits.skip(1);
    }
    bits.skip(1);
    if (bits.flag()) {
      for (int i = 0; i < 4; i++) {
        bits.readGolomb();
      }
    }
    // Pictures of order type 2 come in decoding order (8.2.1.3), Baseline has no B-pictures, and
    // with one reference there is nothing to go back to.
    boolean reorders = orderType != 2 && profile != BASELINE && references > 1;
    boolean says = bits.flag() && saysReorder(bits);
    return new Sequence(UnitHeader.size(width, height), reorders && !says ? references : 0);
  }

  private static void highProfile(Bits bits) {
    long chroma = bits.readGolomb();
    if (chroma == 3) {
      bits.skip(1);
    }
    bits.readGolomb();
    bits.readGolomb();
    bits.skip(1);
    if (!bits.flag()) {
      return;
    }
    for (int list = 0; list < (chroma == 3 ? 12 : 8); list++) {
      if (bits.flag()) {
        long last = 8;
        long next = 8;
        for (int i = 0; i < (list < 6 ? 16 : 64) && next != 0; i++) {
          next = (last + bits.readSignedGolomb()) & 255;
          last = next == 0 ? last : next;
        }
      }
    }
  }

  /// Whether the usability information has bitstream_restriction_flag set (H.264 E.1.1).
  private static boolean saysReorder(Bits bits) {
    if (bits.flag() && bits.read(8) == 255) {
      bits.skip(32);
    }
    if (bits.flag()) {
      bits.skip(1);
    }
    if (bits.flag()) {
      bits.skip(4);
      if (bits.flag()) {
        bits.skip(24);
      }
    }
    if (bits.flag()) {
      bits.readGolomb();
      bits.readGolomb();
    }
    if (bits.flag()) {
      bits.skip(65);
    }
    boolean nal = bits.flag();
    if (nal) {
      hypotheticalDecoder(bits);
    }
    boolean vcl = bits.flag();
    if (vcl) {
      hypotheticalDecoder(bits);
    }
    bits.skip(nal || vcl ? 2 : 1);
    return bits.flag();
  }

  private static void hypotheticalDecoder(Bits bits) {
    long count = Math.min(31, bits.readGolomb());
    bits.skip(8);
    for (long i = 0; i <= count; i++) {
      bits.readGolomb();
      bits.readGolomb();
      bits.skip(1);
    }
    bits.skip(20);
  }

  /// H.265 7.3.2.2.1 and 7.3.3.
  private static @Nullable Size hevcSize(Bits bits) {
    int layers = (int) bits.skip(4).read(3);
    bits.skip(1 + 88 + 8);
    int sublayerBits = 0;
    for (int i = 0; i < layers; i++) {
      sublayerBits += bits.flag() ? 88 : 0;
      sublayerBits += bits.flag() ? 8 : 0;
    }
    bits.skip(layers > 0 ? 2 * (8 - layers) : 0).skip(sublayerBits);
    bits.readGolomb();
    if (bits.readGolomb() == 3) {
      bits.skip(1);
    }
    return UnitHeader.size(bits.readGolomb(), bits.readGolomb());
  }
}
