package io.maskstream.video;

import io.maskstream.bitstream.Bits;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/// Notices H.264 pictures lost before they got a sequence number, between the camera and the
/// publisher: every reference picture counts frame_num up by one (H.264 7.4.3). FFmpeg fills such
/// gaps with copies, and all that refers to them is smeared.
///
/// A frame_num of 0 or 1 always passes, because a picture may set the count back
/// (memory_management_control_operation 5), and that is not read here.
final class FrameNumbers {

  private static final int NONE = -1;

  private final Map<Long, H264Sequence> sequences = new HashMap<>();
  private long lastReference = NONE;

  /// Whether reference pictures are missing before this access unit.
  boolean lostBefore(ByteBuffer unit) {
    ByteBuffer bytes = unit.slice();
    for (int at = UnitHeader.startCode(bytes, 0); at >= 0; at = UnitHeader.startCode(bytes, at)) {
      int type = bytes.get(at) & 31;
      if (type == 7) {
        H264Sequence sequence = H264Sequence.read(NalUnits.payload(bytes, at + 1));
        sequences.put(sequence.id(), sequence);
      } else if (type == 1 || type == 2 || type == 5) {
        boolean reference = (bytes.get(at) >> 5 & 3) != 0;
        return lostBefore(NalUnits.payload(bytes, at + 1), type == 5, reference);
      }
    }
    return false;
  }

  private boolean lostBefore(Bits slice, boolean refresh, boolean reference) {
    H264Sequence sequence = sequences.values().stream().findAny().orElse(null);
    if (sequence == null || !sequences.values().stream().allMatch(sequence::countsLike)) {
      return false; // which of them counts here is said by the picture parameter set, not read here
    }
    slice.readGolomb(); // first_mb_in_slice
    slice.readGolomb(); // slice_type
    slice.readGolomb(); // pic_parameter_set_id
    slice.skip(sequence.separatePlanes() ? 2 : 0);
    long number = slice.read(sequence.frameNumBits());
    long next = (lastReference + 1) % (1L << sequence.frameNumBits());
    boolean lost =
        !refresh
            && lastReference != NONE
            && !sequence.gapsAllowed()
            && number > 1
            && number != lastReference
            && number != next;
    if (reference) {
      lastReference = number;
    }
    return lost;
  }
}
