package io.maskstream.camera;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/// Numbers pictures in order of presentation, from their order of decoding, for streams whose
/// container carries no pts.
///
/// A decoder holds at most 16 pictures back (H.264 A.3.1, H.265 A.4.2), so the lowest of 17 is the
/// next to be shown; a picture that starts a coded video sequence is shown after all pictures
/// before it. A picture lower than one already shown starts one as well: so ends a sequence by
/// memory management control operation 5 (H.264 8.2.1), which no parser reports. Not thread-safe.
///
/// @param <T> what is numbered
final class PictureOrder<T> {

  /// @param rank the place in order of presentation, from 0 without gaps
  record Ranked<T>(T picture, long rank) {}

  private static final int MOST_HELD_BACK = 16;
  private static final long UNRANKED = -1;

  private final ArrayDeque<Held<T>> decodingOrder = new ArrayDeque<>();
  private final PriorityQueue<Held<T>> presentationOrder =
      new PriorityQueue<>(
          Comparator.comparingLong((Held<T> held) -> held.count)
              .thenComparingLong(held -> held.decoded));
  private long lastShown = Long.MIN_VALUE;
  private long nextDecoded;
  private long nextRank;

  /// Takes the next picture in decoding order.
  ///
  /// @param count the picture order count: rises in order of presentation within a sequence
  /// @param startsSequence whether all pictures before it are shown before it
  /// @return pictures whose rank is now known, in decoding order
  List<Ranked<T>> add(T picture, long count, boolean startsSequence) {
    if (startsSequence || count < lastShown) {
      rankAll();
    }
    Held<T> held = new Held<>(picture, count, nextDecoded++);
    decodingOrder.add(held);
    presentationOrder.add(held);
    if (presentationOrder.size() > MOST_HELD_BACK) {
      rankLowest();
    }
    return ranked();
  }

  /// Takes the end of the stream.
  ///
  /// @return all pictures left, in decoding order
  List<Ranked<T>> end() {
    rankAll();
    return ranked();
  }

  private void rankAll() {
    while (!presentationOrder.isEmpty()) {
      rankLowest();
    }
    lastShown = Long.MIN_VALUE;
  }

  private void rankLowest() {
    Held<T> lowest = presentationOrder.remove();
    lowest.rank = nextRank++;
    lastShown = lowest.count;
  }

  private List<Ranked<T>> ranked() {
    List<Ranked<T>> ranked = new ArrayList<>();
    while (!decodingOrder.isEmpty() && decodingOrder.peek().rank != UNRANKED) {
      Held<T> held = decodingOrder.remove();
      ranked.add(new Ranked<>(held.picture, held.rank));
    }
    return ranked;
  }

  private static final class Held<T> {
    final T picture;
    final long count;
    final long decoded;
    long rank = UNRANKED;

    Held(T picture, long count, long decoded) {
      this.picture = picture;
      this.count = count;
      this.decoded = decoded;
    }
  }
}
