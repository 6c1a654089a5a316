package io.maskstream.trainer.graph;

import io.maskstream.onnx.OnnxNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Shapes of the same elements, otherwise arranged.
final class Reshaping {

  private Reshaping() {}

  static long[] reshape(OnnxNode node, long[] x, long[] wanted) {
    long[] shape = wanted.clone();
    long size = Arrays.stream(x).reduce(1, Math::multiplyExact);
    long rest = 1;
    int open = -1;
    for (int i = 0; i < shape.length; i++) {
      if (shape[i] == 0 && node.integer("allowzero", 0) == 0) {
        shape[i] = x[i];
      }
      if (shape[i] == -1) {
        open = i;
      } else {
        rest *= shape[i];
      }
    }
    if (open >= 0 && rest != 0) {
      shape[open] = size / rest;
      rest *= shape[open];
    }
    if (rest != size) {
      throw new IllegalArgumentException(
          Arrays.toString(x) + " does not fill " + Arrays.toString(wanted));
    }
    return shape;
  }

  /// Squeeze, Unsqueeze and Flatten.
  static long[] rearranged(OnnxNode node, long[] x, long @Nullable [] axes) {
    switch (node.operator()) {
      case "Flatten" -> {
        int axis = Sides.axis(node.integer("axis", 1), x.length);
        long before = Arrays.stream(x, 0, axis).reduce(1, (p, q) -> p * q);
        long after = Arrays.stream(x, axis, x.length).reduce(1, (p, q) -> p * q);
        return new long[] {before, after};
      }
      case "Squeeze" -> {
        List<Long> sides = new ArrayList<>();
        for (int i = 0; i < x.length; i++) {
          int at = i;
          boolean gone =
              axes == null
                  ? x[i] == 1
                  : Arrays.stream(axes).anyMatch(axis -> Sides.axis(axis, x.length) == at);
          if (!gone) {
            sides.add(x[i]);
          }
        }
        return sides.stream().mapToLong(Long::longValue).toArray();
      }
      default -> {
        long[] given = axes == null ? new long[0] : axes;
        int rank = x.length + given.length;
        List<Long> sides = new ArrayList<>(Collections.nCopies(rank, 0L));
        Arrays.stream(given).forEach(axis -> sides.set(Sides.axis(axis, rank), 1L));
        int next = 0;
        for (int i = 0; i < rank; i++) {
          if (sides.get(i) == 0) {
            sides.set(i, x[next++]);
          }
        }
        return sides.stream().mapToLong(Long::longValue).toArray();
      }
    }
  }

  static long[] transposed(OnnxNode node, long[] x) {
    long[] shape = new long[x.length];
    long[] order = node.integers("perm").orElse(new long[0]);
    for (int i = 0; i < x.length; i++) {
      shape[i] = x[order.length == 0 ? x.length - 1 - i : (int) order[i]];
    }
    return shape;
  }

  static long[] depthToSpace(long[] x, long block) {
    return new long[] {x[0], x[1] / (block * block), x[2] * block, x[3] * block};
  }

  static long[] spaceToDepth(long[] x, long block) {
    return new long[] {x[0], x[1] * block * block, x[2] / block, x[3] / block};
  }
}
