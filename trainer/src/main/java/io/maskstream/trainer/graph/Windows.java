package io.maskstream.trainer.graph;

import io.maskstream.onnx.OnnxNode;
import java.util.Arrays;

/// How convolutions and pools lay their windows over a picture.
///
/// @param kernel sides of the window, before dilation
/// @param strides steps from one window to the next
/// @param dilations steps from one tap of the window to the next
/// @param pads before and after, of each axis in turn: top, left, bottom, right
/// @param ceil whether a last window may reach over the end
public record Windows(long[] kernel, long[] strides, long[] dilations, long[] pads, boolean ceil) {

  /// Reads a node.
  ///
  /// @param kernel sides of the window, from the weights or the attribute
  /// @param sides of the picture, which `auto_pad` looks at
  public static Windows of(OnnxNode node, long[] kernel, long[] sides) {
    int axes = kernel.length;
    long[] ones = new long[axes];
    Arrays.fill(ones, 1);
    Windows windows =
        new Windows(
            kernel,
            node.integers("strides").orElse(ones),
            node.integers("dilations").orElse(ones),
            node.integers("pads").orElse(new long[2 * axes]),
            node.integer("ceil_mode", 0) != 0);
    String auto = node.text("auto_pad", "NOTSET");
    return auto.startsWith("SAME") ? windows.same(sides, auto.equals("SAME_LOWER")) : windows;
  }

  private Windows same(long[] sides, boolean lower) {
    int axes = kernel.length;
    long[] same = new long[2 * axes];
    for (int i = 0; i < axes; i++) {
      long windows = Math.ceilDiv(sides[i], strides[i]);
      long total = Math.max(0, (windows - 1) * strides[i] + reach(i) - sides[i]);
      same[i] = lower ? total - total / 2 : total / 2;
      same[axes + i] = total - same[i];
    }
    return new Windows(kernel, strides, dilations, same, false);
  }

  /// Pixels from the first to the last tap of a window, both counted.
  public long reach(int axis) {
    return (kernel[axis] - 1) * dilations[axis] + 1;
  }

  /// Windows along an axis of this many pixels.
  public long count(int axis, long side) {
    int axes = kernel.length;
    long room = side + pads[axis] + pads[axes + axis] - reach(axis);
    if (!ceil) {
      return Math.floorDiv(room, strides[axis]) + 1;
    }
    long count = Math.ceilDiv(room, strides[axis]) + 1;
    // A window that would begin in the padding behind the picture is left out.
    return (count - 1) * strides[axis] >= side + pads[axis] ? count - 1 : count;
  }

  private long[] over(long[] x, long channels) {
    long[] shape = x.clone();
    shape[1] = channels;
    for (int i = 0; i < kernel.length; i++) {
      shape[2 + i] = count(i, x[2 + i]);
      if (shape[2 + i] < 1) {
        throw new IllegalArgumentException(
            "a picture of " + x[2 + i] + " is smaller than a window of " + reach(i));
      }
    }
    return shape;
  }

  static long[] conv(OnnxNode node, long[] x, long[] weights) {
    long groups = node.integer("group", 1);
    if (weights.length != x.length || x[1] != weights[1] * groups) {
      throw new IllegalArgumentException(
          "weights "
              + node.input(1)
              + Arrays.toString(weights)
              + " in "
              + groups
              + " groups want another number of channels than "
              + (x.length > 1 ? x[1] : 0));
    }
    long[] kernel = Arrays.copyOfRange(weights, 2, weights.length);
    return of(node, kernel, Arrays.copyOfRange(x, 2, x.length)).over(x, weights[0]);
  }

  static long[] pool(OnnxNode node, long[] x) {
    long[] kernel =
        node.integers("kernel_shape")
            .orElseThrow(() -> new IllegalArgumentException("kernel_shape is missing"));
    return of(node, kernel, Arrays.copyOfRange(x, 2, x.length)).over(x, x[1]);
  }

  static long[] convTranspose(OnnxNode node, long[] x, long[] weights) {
    long[] shape = x.clone();
    shape[1] = weights[1] * node.integer("group", 1);
    long[] kernel = Arrays.copyOfRange(weights, 2, weights.length);
    Windows windows = of(node, kernel, Arrays.copyOfRange(x, 2, x.length));
    int axes = kernel.length;
    long[] more = node.integers("output_padding").orElse(new long[axes]);
    long[] wanted = node.integers("output_shape").orElse(new long[0]);
    for (int i = 0; i < axes; i++) {
      shape[2 + i] =
          wanted.length > 0
              ? wanted[wanted.length - axes + i]
              : (x[2 + i] - 1) * windows.strides[i]
                  + windows.reach(i)
                  + more[i]
                  - windows.pads[i]
                  - windows.pads[axes + i];
    }
    return shape;
  }
}
