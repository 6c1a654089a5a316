package io.maskstream.trainer.graph;

import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.onnx.OnnxType;
import io.maskstream.trainer.graph.Shapes.Known;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Computes the integers with which graphs handle shapes: sides that are read, cut, joined, added.
final class ShapeArithmetic {

  private ShapeArithmetic() {}

  /// Follows the integers of shapes.
  static Optional<long[]> follow(OnnxNode node, List<Known> inputs) {
    if (node.operator().equals("Shape")) {
      return Optional.of(shapeOf(node, inputs.get(0).shape()));
    }
    boolean all = !inputs.isEmpty();
    for (int i = 0; i < inputs.size(); i++) {
      all &= !node.hasInput(i) || inputs.get(i).content().isPresent();
    }
    if (!all) {
      return Optional.empty();
    }
    long[] x = Sides.numbers(inputs, 0);
    return switch (node.operator()) {
      case "Identity", "Cast", "Squeeze", "Unsqueeze", "Reshape", "Floor", "Ceil" -> Optional.of(x);
      case "Add", "Sub", "Mul", "Div", "Mod", "Min", "Max", "Equal" -> {
        long[] y = Sides.numbers(inputs, 1);
        long[] z = new long[Math.max(x.length, y.length)];
        for (int i = 0; i < z.length; i++) {
          z[i] = compute(node.operator(), x[i % x.length], y[i % y.length]);
        }
        yield Optional.of(z);
      }
      case "Where" -> {
        long[] y = Sides.numbers(inputs, 1);
        long[] z = Sides.numbers(inputs, 2);
        long[] chosen = new long[Math.max(x.length, Math.max(y.length, z.length))];
        for (int i = 0; i < chosen.length; i++) {
          chosen[i] = x[i % x.length] != 0 ? y[i % y.length] : z[i % z.length];
        }
        yield Optional.of(chosen);
      }
      case "ConstantOfShape" -> filled(node, x);
      case "Concat" ->
          Optional.of(
              inputs.stream()
                  .flatMapToLong(i -> Arrays.stream(i.content().orElseThrow()))
                  .toArray());
      case "Gather" -> {
        long[] indices = Sides.numbers(inputs, 1);
        yield Optional.of(
            Arrays.stream(indices).map(i -> x[(int) (i < 0 ? i + x.length : i)]).toArray());
      }
      case "Slice" -> {
        long step = inputs.size() > 4 ? Sides.numbers(inputs, 4)[0] : 1;
        if (step != 1) {
          yield Optional.empty();
        }
        int start = (int) Sides.clamp(Sides.numbers(inputs, 1)[0], x.length);
        int end = (int) Sides.clamp(Sides.numbers(inputs, 2)[0], x.length);
        yield Optional.of(Arrays.copyOfRange(x, start, Math.max(start, end)));
      }
      case "Range" -> {
        List<Long> values = new ArrayList<>();
        long step = Sides.numbers(inputs, 2)[0];
        for (long v = x[0];
            step > 0 ? v < Sides.numbers(inputs, 1)[0] : v > Sides.numbers(inputs, 1)[0];
            v += step) {
          values.add(v);
        }
        yield Optional.of(values.stream().mapToLong(Long::longValue).toArray());
      }
      default -> Optional.empty();
    };
  }

  /// A vector of one integer, over and over.
  private static Optional<long[]> filled(OnnxNode node, long[] shape) {
    Optional<OnnxTensor> value =
        node.tensor("value").filter(tensor -> tensor.type() == OnnxType.INT64);
    if (value.isEmpty() || shape.length != 1 || shape[0] > Shapes.LONGEST) {
      return Optional.empty();
    }
    long[] filled = new long[(int) shape[0]];
    Arrays.fill(filled, value.get().longs()[0]);
    return Optional.of(filled);
  }

  static long compute(String operator, long p, long q) {
    return switch (operator) {
      case "Add" -> p + q;
      case "Sub" -> p - q;
      case "Mul" -> p * q;
      case "Div" -> p / q;
      case "Mod" -> Math.floorMod(p, q);
      case "Min" -> Math.min(p, q);
      case "Max" -> Math.max(p, q);
      case "Equal" -> p == q ? 1 : 0;
      default -> throw new IllegalArgumentException(operator);
    };
  }

  static long[] shapeOf(OnnxNode node, long[] x) {
    int start = (int) Sides.clamp(node.integer("start", 0), x.length);
    int end = (int) Sides.clamp(node.integer("end", x.length), x.length);
    return Arrays.copyOfRange(x, start, Math.max(start, end));
  }
}
