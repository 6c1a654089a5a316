package io.maskstream.trainer.graph;

import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.trainer.graph.Shapes.Known;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The shape that each operator gives, as ONNX's Operators.md has it.
final class ShapeRules {

  private ShapeRules() {}

  static List<Known> infer(OnnxGraph graph, OnnxNode node, List<Known> inputs) {
    return switch (node.operator()) {
      case "Split" -> Indexing.split(node, inputs);
      case "Dropout" -> List.of(inputs.getFirst(), Known.of(inputs.get(0).shape()));
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
    long[] x = inputs.isEmpty() ? new long[0] : inputs.get(0).shape();
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
      case "Conv" -> Windows.conv(node, x, inputs.get(1).shape());
      case "ConvTranspose" -> Windows.convTranspose(node, x, inputs.get(1).shape());
      case "MaxPool", "AveragePool", "LpPool" -> Windows.pool(node, x);
      case "GlobalAveragePool", "GlobalMaxPool" -> pooledAway(x);
      case "Gemm" -> gemm(node, x, inputs.get(1).shape());
      case "MatMul" -> matMul(x, inputs.get(1).shape());
      case "Concat" -> Indexing.concat(node, inputs);
      case "Reshape" -> Reshaping.reshape(node, x, Sides.numbers(inputs, 1));
      case "Squeeze", "Unsqueeze", "Flatten" ->
          Reshaping.rearranged(node, x, inputs.size() > 1 ? Sides.numbers(inputs, 1) : null);
      case "Transpose" -> Reshaping.transposed(node, x);
      case "Slice" -> Indexing.sliced(inputs, x);
      case "Pad" -> Indexing.padded(inputs, x);
      case "Shape" -> new long[] {ShapeArithmetic.shapeOf(node, x).length};
      case "Size" -> new long[0];
      case "ConstantOfShape" -> Sides.numbers(inputs, 0);
      case "Expand" -> broadcast(List.of(inputs.get(0), Known.of(Sides.numbers(inputs, 1))));
      case "Tile" -> Indexing.tiled(x, Sides.numbers(inputs, 1));
      case "Gather" -> Indexing.gathered(node, x, inputs.get(1).shape());
      case "Resize" -> resized(graph, node, inputs, x);
      case "ReduceMean", "ReduceSum", "ReduceMax", "ReduceMin", "ReduceL2", "ReduceSumSquare" ->
          reduced(node, x, axes(node, inputs));
      case "ArgMax", "ArgMin" -> reduced(node, x, new long[] {node.integer("axis", 0)});
      case "DepthToSpace" -> Reshaping.depthToSpace(x, node.integer("blocksize", 1));
      case "SpaceToDepth" -> Reshaping.spaceToDepth(x, node.integer("blocksize", 1));
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

  private static IllegalArgumentException unknown(OnnxNode node, String what) {
    return new IllegalArgumentException(what + " of " + node + " cannot be known beforehand");
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

  private static long[] resized(OnnxGraph graph, OnnxNode node, List<Known> inputs, long[] x) {
    if (node.hasInput(3)) {
      long[] sizes = Sides.numbers(inputs, 3);
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
      int axis = axes.length == 0 ? i : Sides.axis(axes[i], x.length);
      shape[axis] = (long) Math.floor(x[axis] * (double) scales[i]);
    }
    return shape;
  }

  private static long[] placed(long[] x, long[] axes, long[] sizes) {
    long[] shape = x.clone();
    for (int i = 0; i < axes.length; i++) {
      shape[Sides.axis(axes[i], x.length)] = sizes[i];
    }
    return shape;
  }

  private static long[] axes(OnnxNode node, List<Known> inputs) {
    return node.hasInput(1) ? Sides.numbers(inputs, 1) : node.integers("axes").orElse(new long[0]);
  }

  private static long[] reduced(OnnxNode node, long[] x, long[] axes) {
    boolean keep = node.integer("keepdims", 1) != 0;
    List<Long> sides = new ArrayList<>();
    for (int i = 0; i < x.length; i++) {
      int at = i;
      boolean gone =
          axes.length == 0
              || Arrays.stream(axes).anyMatch(axis -> Sides.axis(axis, x.length) == at);
      if (!gone) {
        sides.add(x[i]);
      } else if (keep) {
        sides.add(1L);
      }
    }
    return sides.stream().mapToLong(Long::longValue).toArray();
  }
}
