package io.maskstream.video;

import io.maskstream.bitstream.Bits;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Reads the network abstraction layer units of an H.264 or H.265 access unit in Annex B form.
final class NalUnits {

  private NalUnits() {}

  static UnitHeader readH264(ByteBuffer bytes) {
    boolean picture = false;
    boolean disposable = true;
    boolean refreshes = false;
    int reorderDepth = 0;
    boolean remarks = false;
    int prefix = 0;
    Size largest = null;
    for (int at = UnitHeader.startCode(bytes, 0); at >= 0; at = UnitHeader.startCode(bytes, at)) {
      int type = bytes.get(at) & 31;
      if (type >= 1 && type <= 5) {
        prefix = picture || !remarks ? prefix : at - 3;
        picture = true;
        refreshes |= type == 5;
        disposable &= (bytes.get(at) >> 5 & 3) == 0;
      } else {
        remarks |= type != 9 && type != 12; // delimiter, filler
      }
      if (type == 7) {
        H264Sequence sequence = H264Sequence.read(payload(bytes, at + 1));
        reorderDepth = Math.max(reorderDepth, sequence.reorderDepth());
        largest = larger(largest, sequence.size());
      }
    }
    return new UnitHeader(
        picture, picture && disposable, false, refreshes, reorderDepth, prefix, largest);
  }

  static UnitHeader readHevc(ByteBuffer bytes) {
    boolean picture = false;
    boolean leading = false;
    boolean remarks = false;
    int prefix = 0;
    Size largest = null;
    for (int at = UnitHeader.startCode(bytes, 0); at >= 0; at = UnitHeader.startCode(bytes, at)) {
      int type = bytes.get(at) >> 1 & 63;
      if (type < 32) {
        prefix = picture || !remarks ? prefix : at - 3;
        picture = true;
        leading |= type == 8 || type == 9; // RASL_N, RASL_R
      } else {
        remarks |= type != 35 && type != 38; // delimiter, filler
      }
      if (type == 33) {
        largest = larger(largest, hevcSize(payload(bytes, at + 2)));
      }
    }
    return new UnitHeader(picture, false, leading, false, 0, prefix, largest);
  }

  private static @Nullable Size larger(@Nullable Size one, @Nullable Size other) {
    if (one == null || other == null) {
      return one == null ? other : one;
    }
    return one.pixels() >= other.pixels() ? one : other;
  }

  /// What a unit says first.
  static Bits payload(ByteBuffer bytes, int at) {
    int next = UnitHeader.startCode(bytes, Math.min(at, bytes.limit()));
    int end = next < 0 ? bytes.limit() : next - 3;
    return Bits.ofUnit(bytes.slice(Math.min(at, end), Math.max(0, end - at)));
  }

  /// H.265 7.3.2.2.1.
  private static @Nullable Size hevcSize(Bits bits) {
    bits.skipToHevcSequenceId().readGolomb();
    if (bits.readGolomb() == 3) {
      bits.skip(1);
    }
    return UnitHeader.size(bits.readGolomb(), bits.readGolomb());
  }
}
