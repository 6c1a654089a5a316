package io.maskstream.video;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The access units that were fed and have no answer yet, in decoding order.
final class Unanswered {

  /// An access unit under way.
  ///
  /// @param number counts the access units fed, from 1
  /// @param ticket the caller's
  /// @param gop number of the keyframe before it in decoding order, or its own
  /// @param gopBefore number of the keyframe before that one; 0 if there was none
  /// @param leading whether it follows its keyframe in decoding order, but precedes it in
  ///   presentation, so that it may refer behind the keyframe
  /// @param disposable whether no other picture refers to it
  record Fed(
      long number,
      long ticket,
      PictureHints hints,
      boolean wanted,
      long gop,
      long gopBefore,
      boolean leading,
      boolean disposable) {

    boolean keyframe() {
      return number == gop;
    }
  }

  private final TreeMap<Long, Fed> byNumber = new TreeMap<>();

  void add(Fed fed) {
    byNumber.put(fed.number(), fed);
  }

  /// The access unit of this number, which is then answered; null if it has been before.
  @Nullable Fed take(long number) {
    return byNumber.remove(number);
  }

  boolean holds(Fed fed) {
    return byNumber.containsKey(fed.number());
  }

  /// Those fed before this number that fit, which are then answered; the oldest first.
  List<Fed> takeBefore(long number, Predicate<Fed> fits) {
    List<Fed> taken = new ArrayList<>();
    byNumber.headMap(number).values().removeIf(fed -> fits.test(fed) && taken.add(fed));
    return taken;
  }
}
