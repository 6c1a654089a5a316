package io.maskstream.gate;

import io.maskstream.onnx.OnnxNode;
import java.util.Map;
import java.util.Optional;

/// A node with what is known of its inputs.
record NodeInputs(OnnxNode node, Map<String, Known> known) {

  Known get(int i) {
    return known.getOrDefault(node.input(i), Known.NOTHING);
  }

  Optional<long[]> shape(int i) {
    return get(i).shape();
  }

  Optional<long[]> values(int i) {
    return node.hasInput(i) ? get(i).values() : Optional.empty();
  }

  /// A value with elements as those of the first input.
  Known made(Optional<long[]> shape) {
    return shape.map(sides -> Known.of(get(0).width(), sides)).orElse(Known.NOTHING);
  }

  /// Axes by attribute, as they were given up to opset 12, or by input.
  Optional<long[]> axes() {
    return node.integers("axes").or(() -> values(1));
  }

  /// -1 where there is no such axis.
  static int axis(long axis, int rank) {
    long place = axis < 0 ? axis + rank : axis;
    return place < 0 || place >= rank ? -1 : (int) place;
  }

  static int clamped(long index, int length) {
    return (int) Math.clamp(index < 0 ? index + length : index, 0, length);
  }

  static long side(long[] shape, int i) {
    return i < shape.length ? shape[i] : 1;
  }
}
