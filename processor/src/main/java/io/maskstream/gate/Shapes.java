package io.maskstream.gate;

import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The shape of what a node makes, one case for each operator that decides on one; nothing where it
/// depends on numbers that only a run knows. Small integers are followed too, because exporters
/// compute sizes by nodes. Wrong shapes of a wrong graph do no harm here: ONNX Runtime refuses it.
final class Shapes {

  private final NodeInputs in;

  private Shapes(NodeInputs in) {
    this.in = in;
  }

  /// @return what is known of its outputs, in order; of those left out nothing is
  static List<Known> of(OnnxNode node, Map<String, Known> known) {
    NodeInputs in = new NodeInputs(node, known);
    return node.operator().equals("Split")
        ? new AxisShapes(in).split()
        : List.of(new Shapes(in).output());
  }

  private Known output() {
    WindowShapes windows = new WindowShapes(in);
    AxisShapes axes = new AxisShapes(in);
    return switch (in.node().operator()) {
      case "Constant" ->
          in.node().tensor("value").map(Known::of).orElseGet(() -> constantOfAttribute());
      case "Shape" -> shapeOf();
      case "Size" ->
          in.shape(0)
              .map(sides -> Known.of(8).with((long) Known.of(1, sides).bytes()))
              .orElse(Known.NOTHING);
      case "ConstantOfShape" -> constantOfShape();
      case "Expand" -> expand();
      case "Tile" -> tile();
      case "Range" -> range();
      case "Cast" -> in.get(0).wide(width(in.node().integer("to", 1)));
      case "Conv", "ConvInteger", "QLinearConv" -> windows.conv();
      case "ConvTranspose" -> windows.convTranspose();
      case "MaxPool", "AveragePool", "LpPool" ->
          windows.pool(in.shape(0).map(s -> s.length > 1 ? s[1] : 1));
      case "GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool" ->
          in.made(
              in.shape(0)
                  .map(s -> {
                    long[] one = s.clone();
                    Arrays.fill(one, Math.min(2, one.length), one.length, 1);
                    return one;
                  }));
      case "Resize", "Upsample" -> windows.resize();
      case "Concat" -> axes.concat();
      case "Reshape" -> axes.reshape();
      case "Flatten" -> axes.flatten();
      case "Transpose" -> axes.transpose();
      case "Squeeze" -> axes.squeeze();
      case "Unsqueeze" -> axes.unsqueeze();
      case "Slice" -> axes.slice();
      case "Gather" -> axes.gather();
      case "Pad" -> axes.pad();
      case "DepthToSpace", "SpaceToDepth" ->
          axes.blocks(in.node().operator().equals("DepthToSpace"));
      case "ArgMax", "ArgMin" -> axes.reduce(List.of(in.node().integer("axis", 0)), 8);
      case "ReduceMax",
          "ReduceMin",
          "ReduceMean",
          "ReduceSum",
          "ReduceProd",
          "ReduceL1",
          "ReduceL2",
          "ReduceLogSum",
          "ReduceLogSumExp",
          "ReduceSumSquare" ->
          axes.reduce();
      case "MatMul", "MatMulInteger" -> matMul();
      case "Gemm" -> gemm();
      case "Add",
          "Sub",
          "Mul",
          "Div",
          "Mod",
          "Pow",
          "Min",
          "Max",
          "Sum",
          "Mean",
          "PRelu",
          "And",
          "Or",
          "Xor",
          "Equal",
          "Greater",
          "GreaterOrEqual",
          "Less",
          "LessOrEqual",
          "Where" ->
          broadcast();
      case "QuantizeLinear" -> in.get(0).wide(1);
      case "DequantizeLinear" -> in.get(0).wide(4);
      case "EyeLike",
          "GridSample",
          "AffineGrid",
          "NonZero",
          "TopK",
          "OneHot",
          "GatherElements",
          "GatherND",
          "Einsum",
          "Attention",
          "CenterCropPad",
          "DynamicQuantizeLinear",
          "QLinearMatMul",
          "MaxUnpool",
          "MaxRoiPool",
          "RoiAlign" ->
          Known.NOTHING;
      // All others of the list keep the shape of what they are given.
      default -> in.get(0);
    };
  }

  private Known constantOfAttribute() {
    if (in.node().has("value_int")) {
      return Known.of(8).with(in.node().integer("value_int", 0));
    }
    return in.node()
        .integers("value_ints")
        .map(values -> Known.of(8, values.length).with(values))
        .orElse(Known.NOTHING);
  }

  private static int width(long type) {
    for (OnnxType known : OnnxType.values()) {
      if (known.number() == type) {
        return Math.max(1, known.bytes());
      }
    }
    return 4;
  }

  private Known shapeOf() {
    return in.shape(0)
        .map(sides -> {
          int from = NodeInputs.clamped(in.node().integer("start", 0), sides.length);
          int to =
              Math.max(
                  from, NodeInputs.clamped(in.node().integer("end", sides.length), sides.length));
          long[] part = Arrays.copyOfRange(sides, from, to);
          return Known.of(8, part.length).with(part);
        })
        .orElse(Known.NOTHING);
  }

  private Known constantOfShape() {
    int width = in.node().tensor("value").map(value -> width(value.type().number())).orElse(4);
    return in.values(0).map(sides -> Known.of(width, sides)).orElse(Known.NOTHING);
  }

  private Known expand() {
    return in.made(in.shape(0).flatMap(from -> in.values(1).map(to -> broadcast(from, to))));
  }

  private Known tile() {
    return in.made(
        in.shape(0)
            .flatMap(sides ->
                in.values(1)
                    .filter(times -> times.length == sides.length)
                    .map(times -> {
                      long[] tiled = new long[sides.length];
                      for (int i = 0; i < tiled.length; i++) {
                        tiled[i] = Known.times(sides[i], times[i]);
                      }
                      return tiled;
                    })));
  }

  private Known range() {
    if (in.values(0).isEmpty() || in.values(1).isEmpty() || in.values(2).isEmpty()) {
      return Known.NOTHING;
    }
    double count =
        Math.ceil((double) (in.values(1).get()[0] - in.values(0).get()[0]) / in.values(2).get()[0]);
    return Known.of(in.get(0).width(), (long) Math.max(0, count));
  }

  private Known matMul() {
    Optional<long[]> left = in.shape(0).filter(shape -> shape.length >= 2);
    Optional<long[]> right = in.shape(1).filter(shape -> shape.length >= 2);
    if (left.isEmpty() || right.isEmpty()) {
      return Known.NOTHING;
    }
    long[] a = left.get();
    long[] b = right.get();
    long[] batch = broadcast(Arrays.copyOf(a, a.length - 2), Arrays.copyOf(b, b.length - 2));
    long[] made = Arrays.copyOf(batch, batch.length + 2);
    made[batch.length] = a[a.length - 2];
    made[batch.length + 1] = b[b.length - 1];
    return Known.of(Math.max(4, in.get(0).width()), made);
  }

  private Known gemm() {
    Optional<long[]> left = in.shape(0).filter(shape -> shape.length == 2);
    Optional<long[]> right = in.shape(1).filter(shape -> shape.length == 2);
    if (left.isEmpty() || right.isEmpty()) {
      return Known.NOTHING;
    }
    long rows = left.get()[in.node().integer("transA", 0) != 0 ? 1 : 0];
    long columns = right.get()[in.node().integer("transB", 0) != 0 ? 0 : 1];
    return Known.of(in.get(0).width(), rows, columns);
  }

  private Known broadcast() {
    long[] made = new long[0];
    boolean where = in.node().operator().equals("Where");
    int width = in.get(where ? 1 : 0).width();
    for (int i = 0; i < in.node().inputs().size(); i++) {
      if (in.shape(i).isEmpty()) {
        return Known.NOTHING;
      }
      made = broadcast(made, in.shape(i).get());
    }
    boolean yesNo =
        switch (in.node().operator()) {
          case "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "And", "Or", "Xor" ->
              true;
          default -> false;
        };
    Known result = Known.of(yesNo ? 1 : width, made);
    if (in.values(0).isEmpty() || in.values(1).isEmpty() || in.node().inputs().size() != 2) {
      return result;
    }
    return computed(in.values(0).get(), in.values(1).get()).map(result::with).orElse(result);
  }

  /// Sizes that exporters compute by nodes.
  private Optional<long[]> computed(long[] left, long[] right) {
    int length = Math.max(left.length, right.length);
    if (left.length == 0 || right.length == 0) {
      return Optional.empty();
    }
    long[] made = new long[length];
    for (int i = 0; i < length; i++) {
      long a = left[left.length == 1 ? 0 : Math.min(i, left.length - 1)];
      long b = right[right.length == 1 ? 0 : Math.min(i, right.length - 1)];
      switch (in.node().operator()) {
        case "Add" -> made[i] = a + b;
        case "Sub" -> made[i] = a - b;
        case "Mul" -> made[i] = Known.times(a, b);
        case "Max" -> made[i] = Math.max(a, b);
        case "Min" -> made[i] = Math.min(a, b);
        case "Div" -> {
          if (b == 0) {
            return Optional.empty();
          }
          made[i] = a / b;
        }
        default -> {
          return Optional.empty();
        }
      }
    }
    return Optional.of(made);
  }

  private static long[] broadcast(long[] one, long[] other) {
    int rank = Math.max(one.length, other.length);
    long[] made = new long[rank];
    for (int i = 0; i < rank; i++) {
      long a = i < rank - one.length ? 1 : one[i - rank + one.length];
      long b = i < rank - other.length ? 1 : other[i - rank + other.length];
      made[i] = a == 1 ? b : b == 1 ? a : Math.max(a, b);
    }
    return made;
  }
}
