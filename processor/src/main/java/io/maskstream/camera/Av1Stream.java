package io.maskstream.camera;

import io.maskstream.bitstream.Bits;
import java.util.Arrays;

/// AV1 temporal units in low-overhead format, each keyframe with its sequence header.
final class Av1Stream implements Bitstream {

  private static final int SEQUENCE_HEADER = 1;
  private static final int TEMPORAL_DELIMITER = 2;
  private static final int FRAME_HEADER = 3;
  private static final int FRAME = 6;

  /// av1C begins with four bytes of its own (AV1 in ISOBMFF 2.3.3).
  private static final int BOX_HEADER_BYTES = 4;

  private byte[] sequenceHeader = {};

  @Override
  public void configure(byte[] extradata) {
    boolean box = extradata.length > BOX_HEADER_BYTES && (extradata[0] & 0xff) == 0x81;
    for (int at = box ? BOX_HEADER_BYTES : 0; at < extradata.length; ) {
      Unit unit = Unit.at(extradata, at);
      learn(extradata, unit);
      at = unit.end();
    }
  }

  @Override
  public Coded read(byte[] packet) {
    boolean sequenceSeen = false;
    int insertAt = 0;
    for (int at = 0; at < packet.length; ) {
      Unit unit = Unit.at(packet, at);
      if (unit.type() == TEMPORAL_DELIMITER) {
        insertAt = unit.end();
      } else if (unit.type() == SEQUENCE_HEADER) {
        sequenceSeen = true;
        learn(packet, unit);
      } else if (unit.type() == FRAME || unit.type() == FRAME_HEADER) {
        boolean key = isShownKeyframe(packet, unit) && sequenceHeader.length > 0;
        byte[] bytes =
            key && !sequenceSeen ? Splice.insert(packet, insertAt, sequenceHeader) : packet;
        return new Coded(bytes, key, key);
      }
      at = unit.end();
    }
    return new Coded(packet, false, false);
  }

  private void learn(byte[] bytes, Unit unit) {
    if (unit.type() == SEQUENCE_HEADER) {
      sequenceHeader = Arrays.copyOfRange(bytes, unit.start(), unit.end());
    }
  }

  /// AV1 5.9.2: show_existing_frame, frame_type, show_frame. A sequence of still pictures has none
  /// of these bits, but is no camera's.
  private static boolean isShownKeyframe(byte[] packet, Unit unit) {
    Bits bits = Bits.of(packet, unit.payload(), unit.end());
    return !bits.flag() && bits.read(2) == 0 && bits.flag();
  }

  /// An open bitstream unit (AV1 5.3).
  private record Unit(int type, int start, int payload, int end) {

    static Unit at(byte[] bytes, int start) {
      int header = bytes[start];
      int at = start + 1 + (header >> 2 & 1);
      if ((header & 2) == 0) {
        return new Unit(header >> 3 & 15, start, Math.min(at, bytes.length), bytes.length);
      }
      long size = 0;
      for (int i = 0; i < 8 && at < bytes.length; i++) {
        int next = bytes[at++];
        size |= (long) (next & 0x7f) << (7 * i);
        if (next >= 0) {
          break;
        }
      }
      int end = (int) Math.min(bytes.length, at + size);
      return new Unit(header >> 3 & 15, start, Math.min(at, bytes.length), end);
    }
  }
}
