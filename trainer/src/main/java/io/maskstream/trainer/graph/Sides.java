package io.maskstream.trainer.graph;

import io.maskstream.trainer.graph.Shapes.Known;
import java.util.List;

/// How operators count axes, places along them, and what they are told in numbers.
final class Sides {

  private Sides() {}

  /// An axis counted from the front; negative ones are counted from behind.
  static int axis(long axis, int rank) {
    return (int) (axis < 0 ? axis + rank : axis);
  }

  /// A place along a side, 0 to its length; negative ones are counted from behind.
  static long clamp(long index, long length) {
    return Math.clamp(index < 0 ? index + length : index, 0, length);
  }

  /// The numbers that an input holds.
  ///
  /// @throws IllegalArgumentException if they depend on pixels
  static long[] numbers(List<Known> inputs, int i) {
    return inputs
        .get(i)
        .content()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "input " + i + " is computed from pixels, not from shapes"));
  }
}
