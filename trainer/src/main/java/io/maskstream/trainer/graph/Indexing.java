package io.maskstream.trainer.graph;

import io.maskstream.onnx.OnnxNode;
import io.maskstream.trainer.graph.Shapes.Known;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Shapes of parts of values, and of values put together.
final class Indexing {

  private Indexing() {}

  static long[] concat(OnnxNode node, List<Known> inputs) {
    long[] shape = inputs.get(0).shape().clone();
    int axis = Sides.axis(node.integer("axis", 1), shape.length);
    for (Known input : inputs.subList(1, inputs.size())) {
      for (int i = 0; i < shape.length; i++) {
        if (i != axis && input.shape()[i] != shape[i]) {
          throw new IllegalArgumentException(
              "sides " + shape[i] + " and " + input.shape()[i] + " differ on axis " + i);
        }
      }
      shape[axis] += input.shape()[axis];
    }
    return shape;
  }

  static long[] sliced(List<Known> inputs, long[] x) {
    long[] starts = Sides.numbers(inputs, 1);
    long[] ends = Sides.numbers(inputs, 2);
    long[] shape = x.clone();
    for (int i = 0; i < starts.length; i++) {
      long given =
          inputs.size() > 3 && inputs.get(3).content().isPresent()
              ? Sides.numbers(inputs, 3)[i]
              : i;
      int axis = Sides.axis(given, x.length);
      long step = inputs.size() > 4 ? Sides.numbers(inputs, 4)[i] : 1;
      long start = Sides.clamp(starts[i], x[axis]);
      long end = Sides.clamp(ends[i], x[axis]);
      shape[axis] =
          step > 0
              ? Math.max(0, Math.ceilDiv(end - start, step))
              : Math.max(
                  0,
                  Math.ceilDiv(
                      Math.min(start, x[axis] - 1) - end + (ends[i] < -x[axis] ? 1 : 0), -step));
    }
    return shape;
  }

  static long[] padded(List<Known> inputs, long[] x) {
    long[] pads = Sides.numbers(inputs, 1);
    long[] shape = x.clone();
    int count = pads.length / 2;
    for (int i = 0; i < count; i++) {
      int axis = inputs.size() > 3 ? Sides.axis(Sides.numbers(inputs, 3)[i], x.length) : i;
      shape[axis] += pads[i] + pads[count + i];
    }
    return shape;
  }

  static long[] tiled(long[] x, long[] repeats) {
    long[] shape = x.clone();
    for (int i = 0; i < shape.length; i++) {
      shape[i] *= repeats[i];
    }
    return shape;
  }

  static long[] gathered(OnnxNode node, long[] x, long[] indices) {
    int axis = Sides.axis(node.integer("axis", 0), x.length);
    long[] shape = new long[x.length - 1 + indices.length];
    System.arraycopy(x, 0, shape, 0, axis);
    System.arraycopy(indices, 0, shape, axis, indices.length);
    System.arraycopy(x, axis + 1, shape, axis + indices.length, x.length - axis - 1);
    return shape;
  }

  static List<Known> split(OnnxNode node, List<Known> inputs) {
    long[] x = inputs.get(0).shape();
    int axis = Sides.axis(node.integer("axis", 0), x.length);
    int count = node.outputs().size();
    long[] lengths = new long[count];
    Arrays.fill(lengths, Math.ceilDiv(x[axis], (long) count));
    lengths[count - 1] = x[axis] - (count - 1) * lengths[0];
    if (node.hasInput(1)) {
      lengths = Sides.numbers(inputs, 1);
    }
    List<Known> outputs = new ArrayList<>();
    for (long length : lengths) {
      long[] part = x.clone();
      part[axis] = length;
      outputs.add(Known.of(part));
    }
    return outputs;
  }
}
