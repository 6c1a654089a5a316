package io.maskstream.trainer.graph;

import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.trainer.graph.Shapes.Known;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The shape that each operator gives, as ONNX's Operators.md has it.
final class ShapeRules {

  private ShapeRules() {}

  static List<Known> infer(OnnxGraph graph, OnnxNode node, List<Known> inputs) {
    return switch (node.operator()) {
      case "Split" -> split(node, inputs);
      case "Dropout" -> List.of(inputs.getFirst(), Known.of(shape(inputs, 0)));
      case "Constant" -> List.of(Known.of(node.tensor("value").orElseThrow().shape()));
      default -> List.of(one(graph, node, inputs));
    };
  }

  private static Known one(OnnxGraph graph, OnnxNode node, List<Known> inputs) {
    Optional<long[]> content = ShapeArithmetic.follow(node, inputs);
    long[] shape = shape(graph, node, inputs);
    return new Known(shape, content);
  }

  private static long[] shape(OnnxGraph graph, OnnxNode node, List<Known> inputs) {
    long[] x = inputs.isEmpty() ? new long[0] : shape(inputs, 0);
    return switch (node.operator()) {
      case "Abs",
          "BatchNormalization",
          "Cast",
          "Ceil",
          "Clip",
          "CumSum",
          "Elu",
          "Erf",
          "Exp",
          "Floor",
          "Gelu",
          "HardSigmoid",
          "HardSwish",
          "Identity",
          "InstanceNormalization",
          "LRN",
          "LayerNormalization",
          "LeakyRelu",
          "Log",
          "LogSoftmax",
          "LpNormalization",
          "Mish",
          "Neg",
          "Not",
          "PRelu",
          "Reciprocal",
          "Relu",
          "Round",
          "Selu",
          "Sigmoid",
          "Sign",
          "Softmax",
          "Softplus",
          "Softsign",
          "Sqrt",
          "Tanh",
          "GroupNormalization" ->
          x;
      case "Add",
          "Sub",
          "Mul",
          "Div",
          "Pow",
          "Min",
          "Max",
          "Sum",
          "Mean",
          "Equal",
          "Greater",
          "GreaterOrEqual",
          "Less",
          "LessOrEqual",
          "And",
          "Or",
          "Mod",
          "Where" ->
          broadcast(inputs);
      case "Conv" -> Windows.conv(node, x, shape(inputs, 1));
      case "ConvTranspose" -> Windows.convTranspose(node, x, shape(inputs, 1));
      case "MaxPool", "AveragePool", "LpPool" -> Windows.pool(node, x);
      case "GlobalAveragePool", "GlobalMaxPool" -> pooledAway(x);
      case "Gemm" -> gemm(node, x, shape(inputs, 1));
      case "MatMul" -> matMul(x, shape(inputs, 1));
      case "Concat" -> concat(node, inputs);
      case "Reshape" -> reshape(node, x, longs(inputs, 1));
      case "Squeeze", "Unsqueeze", "Flatten" ->
          rearranged(node, x, inputs.size() > 1 ? longs(inputs, 1) : null);
      case "Transpose" -> transposed(node, x);
      case "Slice" -> sliced(inputs, x);
      case "Pad" -> padded(inputs, x);
      case "Shape" -> new long[] {ShapeArithmetic.shapeOf(node, x).length};
      case "Size" -> new long[0];
      case "ConstantOfShape" -> longs(inputs, 0);
      case "Expand" -> broadcast(List.of(inputs.get(0), Known.of(longs(inputs, 1))));
      case "Tile" -> tiled(x, longs(inputs, 1));
      case "Gather" -> gathered(node, x, shape(inputs, 1));
      case "Resize" -> resized(graph, node, inputs, x);
      case "ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceL2", "ReduceSumSquare" ->
          reduced(node, x, axes(node, inputs));
      case "ArgMax", "ArgMin" -> reduced(node, x, new long[] {node.integer("axis", 0)});
      case "DepthToSpace" -> {
        long b = node.integer("blocksize", 1);
        yield new long[] {x[0], x[1] / (b * b), x[2] * b, x[3] * b};
      }
      case "SpaceToDepth" -> {
        long b = node.integer("blocksize", 1);
        yield new long[] {x[0], x[1] * b * b, x[2] / b, x[3] / b};
      }
      case "Range" -> {
        long[] range =
            ShapeArithmetic.follow(node, inputs).orElseThrow(() -> unknown(node, "its bounds"));
        yield new long[] {range.length};
      }
      default ->
          throw new GraphException(
              "operator "
                  + node.operator()
                  + " of node "
                  + node
                  + " is not known to the trainer; export the model without it");
    };
  }

  static long[] shape(List<Known> inputs, int i) {
    return inputs.get(i).shape();
  }

  static long[] longs(List<Known> inputs, int i) {
    return inputs
        .get(i)
        .content()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "input " + i + " is computed from pixels, not from shapes"));
  }

  private static IllegalArgumentException unknown(OnnxNode node, String what) {
    return new IllegalArgumentException(what + " of " + node + " cannot be known beforehand");
  }

  static long clamp(long index, long length) {
    return Math.clamp(index < 0 ? index + length : index, 0, length);
  }

  private static long[] broadcast(List<Known> inputs) {
    int rank = inputs.stream().mapToInt(input -> input.shape().length).max().orElse(0);
    long[] shape = new long[rank];
    Arrays.fill(shape, 1);
    for (Known input : inputs) {
      int shift = rank - input.shape().length;
      for (int i = 0; i < input.shape().length; i++) {
        long side = input.shape()[i];
        if (side != 1 && shape[shift + i] != 1 && side != shape[shift + i]) {
          throw new IllegalArgumentException(
              side + " and " + shape[shift + i] + " do not go together on axis " + (shift + i));
        }
        shape[shift + i] = side == 1 ? shape[shift + i] : side;
      }
    }
    return shape;
  }

  private static long[] pooledAway(long[] x) {
    long[] shape = x.clone();
    Arrays.fill(shape, 2, shape.length, 1);
    return shape;
  }

  private static long[] gemm(OnnxNode node, long[] a, long[] b) {
    boolean transA = node.integer("transA", 0) != 0;
    boolean transB = node.integer("transB", 0) != 0;
    long inner = transA ? a[0] : a[1];
    if (inner != (transB ? b[1] : b[0])) {
      throw new IllegalArgumentException(
          "weights " + node.input(1) + Arrays.toString(b) + " want another length than " + inner);
    }
    return new long[] {transA ? a[1] : a[0], transB ? b[0] : b[1]};
  }

  private static long[] matMul(long[] a, long[] b) {
    if (a.length < 2 || b.length < 2 || a[a.length - 1] != b[b.length - 2]) {
      throw new IllegalArgumentException(
          Arrays.toString(a) + " times " + Arrays.toString(b) + " cannot be");
    }
    long[] batch =
        broadcast(
            List.of(
                Known.of(Arrays.copyOf(a, a.length - 2)),
                Known.of(Arrays.copyOf(b, b.length - 2))));
    long[] shape = Arrays.copyOf(batch, batch.length + 2);
    shape[batch.length] = a[a.length - 2];
    shape[batch.length + 1] = b[b.length - 1];
    return shape;
  }

  private static long[] concat(OnnxNode node, List<Known> inputs) {
    long[] shape = shape(inputs, 0).clone();
    int axis = axis(node.integer("axis", 1), shape.length);
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

  private static int axis(long axis, int rank) {
    return (int) (axis < 0 ? axis + rank : axis);
  }

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
        int axis = axis(node.integer("axis", 1), x.length);
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
                  : Arrays.stream(axes).anyMatch(axis -> axis(axis, x.length) == at);
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
        Arrays.stream(given).forEach(axis -> sides.set(axis(axis, rank), 1L));
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

  private static long[] transposed(OnnxNode node, long[] x) {
    long[] shape = new long[x.length];
    long[] order = node.integers("perm").orElse(new long[0]);
    for (int i = 0; i < x.length; i++) {
      shape[i] = x[order.length == 0 ? x.length - 1 - i : (int) order[i]];
    }
    return shape;
  }

  private static long[] sliced(List<Known> inputs, long[] x) {
    long[] starts = longs(inputs, 1);
    long[] ends = longs(inputs, 2);
    long[] shape = x.clone();
    for (int i = 0; i < starts.length; i++) {
      long given =
          inputs.size() > 3 && inputs.get(3).content().isPresent() ? longs(inputs, 3)[i] : i;
      int axis = axis(given, x.length);
      long step = inputs.size() > 4 ? longs(inputs, 4)[i] : 1;
      long start = clamp(starts[i], x[axis]);
      long end = clamp(ends[i], x[axis]);
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

  private static long[] padded(List<Known> inputs, long[] x) {
    long[] pads = longs(inputs, 1);
    long[] shape = x.clone();
    int count = pads.length / 2;
    for (int i = 0; i < count; i++) {
      int axis = inputs.size() > 3 ? axis(longs(inputs, 3)[i], x.length) : i;
      shape[axis] += pads[i] + pads[count + i];
    }
    return shape;
  }

  private static long[] tiled(long[] x, long[] repeats) {
    long[] shape = x.clone();
    for (int i = 0; i < shape.length; i++) {
      shape[i] *= repeats[i];
    }
    return shape;
  }

  private static long[] gathered(OnnxNode node, long[] x, long[] indices) {
    int axis = axis(node.integer("axis", 0), x.length);
    long[] shape = new long[x.length - 1 + indices.length];
    System.arraycopy(x, 0, shape, 0, axis);
    System.arraycopy(indices, 0, shape, axis, indices.length);
    System.arraycopy(x, axis + 1, shape, axis + indices.length, x.length - axis - 1);
    return shape;
  }

  private static long[] resized(OnnxGraph graph, OnnxNode node, List<Known> inputs, long[] x) {
    if (node.hasInput(3)) {
      long[] sizes = longs(inputs, 3);
      return node.integers("axes").map(axes -> placed(x, axes, sizes)).orElse(sizes);
    }
    float[] scales =
        graph
            .constant(node.input(2))
            .map(OnnxTensor::floats)
            .orElseThrow(() -> unknown(node, "the scales"));
    long[] shape = x.clone();
    long[] axes = node.integers("axes").orElse(new long[0]);
    for (int i = 0; i < scales.length; i++) {
      int axis = axes.length == 0 ? i : axis(axes[i], x.length);
      shape[axis] = (long) Math.floor(x[axis] * (double) scales[i]);
    }
    return shape;
  }

  private static long[] placed(long[] x, long[] axes, long[] sizes) {
    long[] shape = x.clone();
    for (int i = 0; i < axes.length; i++) {
      shape[axis(axes[i], x.length)] = sizes[i];
    }
    return shape;
  }

  private static long[] axes(OnnxNode node, List<Known> inputs) {
    return node.hasInput(1) ? longs(inputs, 1) : node.integers("axes").orElse(new long[0]);
  }

  private static long[] reduced(OnnxNode node, long[] x, long[] axes) {
    boolean keep = node.integer("keepdims", 1) != 0;
    List<Long> sides = new ArrayList<>();
    for (int i = 0; i < x.length; i++) {
      int at = i;
      boolean gone =
          axes.length == 0 || Arrays.stream(axes).anyMatch(axis -> axis(axis, x.length) == at);
      if (!gone) {
        sides.add(x[i]);
      } else if (keep) {
        sides.add(1L);
      }
    }
    return sides.stream().mapToLong(Long::longValue).toArray();
  }

  private static List<Known> split(OnnxNode node, List<Known> inputs) {
    long[] x = shape(inputs, 0);
    int axis = axis(node.integer("axis", 0), x.length);
    int count = node.outputs().size();
    long[] lengths = new long[count];
    Arrays.fill(lengths, Math.ceilDiv(x[axis], (long) count));
    lengths[count - 1] = x[axis] - (count - 1) * lengths[0];
    if (node.hasInput(1)) {
      lengths = longs(inputs, 1);
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
