package io.maskstream.trainer.data;

import java.util.Arrays;
import java.util.SplittableRandom;

/// Which picture comes when. Endless but for [#IN_ORDER].
public enum Sampling {
  /// Each picture once, in the set's order: for scores.
  IN_ORDER,
  /// Each picture once a pass, each pass in another order.
  SHUFFLED,
  /// Any picture at any time, with replacement, as the FCN papers train.
  DRAWN;

  /// @param position pictures before this one, since the beginning
  /// @param size of the set
  int index(long position, int size, long seed) {
    return switch (this) {
      case IN_ORDER -> Math.toIntExact(position);
      case SHUFFLED ->
          shuffled(size, Seeds.of(seed, Math.floorDiv(position, size)))[(int) (position % size)];
      case DRAWN -> new SplittableRandom(Seeds.of(seed, position)).nextInt(size);
    };
  }

  /// Fisher and Yates's shuffle, in Durstenfeld's form.
  private static int[] shuffled(int size, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] order = new int[size];
    Arrays.setAll(order, i -> i);
    for (int i = size - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    return order;
  }
}
