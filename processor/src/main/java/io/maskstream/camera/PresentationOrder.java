package io.maskstream.camera;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.ObjLongConsumer;

/// Numbers pictures in presentation order where the container has no timestamps: a raw H.264 or
/// H.265 stream, whose picture order count alone says in which order pictures are shown.
///
/// Works as a decoder's picture buffer does (H.264 C.4.5.3, "bumping"): a picture is numbered once
/// more than `depth` later ones in decoding order are known, or an IDR picture ends the count.
/// Pictures leave in decoding order. Not thread-safe.
final class PresentationOrder<P> {

  /// H.264 and H.265 let at most 16 pictures overtake one.
  static final int DEPTH = 16;

  private final int depth;
  private final ObjLongConsumer<P> numbered;
  private final ArrayDeque<Waiting<P>> decodingOrder = new ArrayDeque<>();
  private final PriorityQueue<Waiting<P>> presentationOrder =
      new PriorityQueue<>(Comparator.comparingInt(waiting -> waiting.count));
  private long next;

  /// @param numbered receives pictures in decoding order, each with its place in presentation order
  PresentationOrder(int depth, ObjLongConsumer<P> numbered) {
    this.depth = depth;
    this.numbered = numbered;
  }

  /// @param count the picture order count
  /// @param restart whether counting begins anew (an IDR picture)
  void add(P picture, int count, boolean restart) {
    if (restart) {
      finish();
    }
    Waiting<P> waiting = new Waiting<>(picture, count);
    decodingOrder.add(waiting);
    presentationOrder.add(waiting);
    while (presentationOrder.size() > depth) {
      number();
    }
    release();
  }

  /// Numbers whatever is left.
  void finish() {
    while (!presentationOrder.isEmpty()) {
      number();
    }
    release();
  }

  private void number() {
    presentationOrder.remove().place = next++;
  }

  private void release() {
    while (!decodingOrder.isEmpty() && decodingOrder.peek().place >= 0) {
      Waiting<P> first = decodingOrder.remove();
      numbered.accept(first.picture, first.place);
    }
  }

  private static final class Waiting<P> {
    final P picture;
    final int count;
    long place = -1;

    Waiting(P picture, int count) {
      this.picture = picture;
      this.count = count;
    }
  }
}
