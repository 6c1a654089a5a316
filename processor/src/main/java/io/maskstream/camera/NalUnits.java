package io.maskstream.camera;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Network abstraction layer units of an Annex B byte stream (H.264 and H.265, annex B).
final class NalUnits {

  private NalUnits() {}

  /// Every NAL unit between start codes, without them; views of the given bytes.
  static List<ByteBuffer> of(ByteBuffer annexB) {
    List<ByteBuffer> units = new ArrayList<>();
    int begin = -1;
    int i = annexB.position();
    int end = annexB.limit();
    while (i + 2 < end) {
      if (annexB.get(i) == 0 && annexB.get(i + 1) == 0 && annexB.get(i + 2) == 1) {
        if (begin >= 0) {
          add(units, annexB, begin, i);
        }
        begin = i + 3;
        i += 3;
      } else {
        i++;
      }
    }
    if (begin >= 0) {
      add(units, annexB, begin, end);
    }
    return units;
  }

  /// Zero bytes before the next start code belong to that, not to the unit.
  private static void add(List<ByteBuffer> units, ByteBuffer from, int begin, int end) {
    int last = end;
    while (last > begin && from.get(last - 1) == 0) {
      last--;
    }
    if (last > begin) {
      units.add(from.slice(begin, last - begin));
    }
  }
}
