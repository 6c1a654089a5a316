package io.maskstream.topics;

import java.util.TreeSet;

/// Finds access units of one session that were never answered. Answers come in presentation order
/// and sequences count in decoding order, so a number is only missed once many later ones are
/// there. Not thread-safe.
final class SequenceGaps {

  /// More than any codec reorders (H.264 and H.265: 16).
  private static final int REORDERING = 64;

  private static final int MOST_REMEMBERED = 4096;

  private final TreeSet<Long> missing = new TreeSet<>();
  private long highest = -1;
  private long settled;

  /// @param sequence of the next answer of the session
  void add(long sequence) {
    if (highest < 0) {
      highest = sequence;
    } else if (sequence > highest) {
      long first = Math.max(highest + 1, sequence - MOST_REMEMBERED);
      settled += first - (highest + 1);
      for (long number = first; number < sequence; number++) {
        missing.add(number);
      }
      highest = sequence;
    } else {
      missing.remove(sequence);
    }
    while (!missing.isEmpty() && missing.getFirst() < highest - REORDERING) {
      missing.removeFirst();
      settled++;
    }
  }

  /// Access units that are missing for good.
  long count() {
    return settled;
  }
}
