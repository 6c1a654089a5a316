package io.maskstream.video;

import io.maskstream.bitstream.Bits;
import org.jspecify.annotations.Nullable;

/// An H.264 sequence parameter set (7.3.2.1.1, E.1.1), as far as it is of use here.
///
/// @param id its number
/// @param separatePlanes whether the three colours are coded as pictures of their own
/// @param frameNumBits the width of frame_num
/// @param gapsAllowed whether frame_num may skip
/// @param size of the coded picture, before cropping
/// @param reorderDepth see [UnitHeader#reorderDepth]
record H264Sequence(
    long id,
    boolean separatePlanes,
    int frameNumBits,
    boolean gapsAllowed,
    @Nullable Size size,
    int reorderDepth) {

  private static final int BASELINE = 66;

  /// Whether frame_num is read and judged alike in both.
  boolean countsLike(H264Sequence other) {
    return separatePlanes == other.separatePlanes
        && frameNumBits == other.frameNumBits
        && gapsAllowed == other.gapsAllowed;
  }

  static H264Sequence read(Bits bits) {
    int profile = (int) bits.read(8);
    long id = bits.skip(16).readGolomb();
    boolean separatePlanes = false;
    switch (profile) {
      case 100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135 ->
          separatePlanes = highProfile(bits);
      default -> {}
    }
    int frameNumBits = (int) Math.min(16, bits.readGolomb() + 4);
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
    boolean gapsAllowed = bits.flag();
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
    return new H264Sequence(
        id,
        separatePlanes,
        frameNumBits,
        gapsAllowed,
        UnitHeader.size(width, height),
        reorders && !says ? references : 0);
  }

  /// Returns separate_colour_plane_flag.
  private static boolean highProfile(Bits bits) {
    long chroma = bits.readGolomb();
    boolean separatePlanes = chroma == 3 && bits.flag();
    bits.readGolomb();
    bits.readGolomb();
    bits.skip(1);
    boolean scalingMatrix = bits.flag();
    for (int list = 0; scalingMatrix && list < (chroma == 3 ? 12 : 8); list++) {
      if (bits.flag()) {
        long last = 8;
        long next = 8;
        for (int i = 0; i < (list < 6 ? 16 : 64) && next != 0; i++) {
          next = (last + bits.readSignedGolomb()) & 255;
          last = next == 0 ? last : next;
        }
      }
    }
    return separatePlanes;
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
}
