package io.maskstream.trainer.autograd;

import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.onnx.OnnxType;
import io.maskstream.trainer.autograd.Kernel.One;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// The same elements in another shape, order or type; shapes as values; new constants.
final class Shapes {

  private Shapes() {}

  static void register(Operators operators) {
    operators.one("Identity", _ -> call -> call.tensor(0));
    operators.one("Cast", Shapes::cast);
    operators.one("CastLike", _ -> call -> call.tensor(0).to(call.tensor(1).scalar_type()));
    operators.one("Shape", Shapes::shape);
    operators.one(
        "Size", _ -> call -> HostArrays.of(new long[] {call.tensor(0).numel()}, new long[0]));
    operators.one("Reshape", Shapes::reshape);
    operators.one("Flatten", Shapes::flatten);
    operators.one("Squeeze", Shapes::squeeze);
    operators.one("Unsqueeze", Shapes::unsqueeze);
    operators.one("Transpose", Shapes::transpose);
    operators.one("Expand", _ -> Shapes::expand);
    operators.one("Tile", _ -> call -> torch.tile(call.tensor(0), call.longs(1)));
    operators.one("DepthToSpace", Shapes::depthToSpace);
    operators.one("SpaceToDepth", Shapes::spaceToDepth);
    operators.one("Range", _ -> Shapes::range);
    operators.one("ConstantOfShape", Shapes::constantOfShape);
  }

  private static One cast(OnnxNode node) {
    int to = (int) node.integer("to", 0);
    ScalarType type =
        switch (to) {
          case 1 -> ScalarType.Float;
          case 2 -> ScalarType.Byte;
          case 3 -> ScalarType.Char;
          case 5 -> ScalarType.Short;
          case 6 -> ScalarType.Int;
          case 7 -> ScalarType.Long;
          case 9 -> ScalarType.Bool;
          case 10 -> ScalarType.Half;
          case 11 -> ScalarType.Double;
          case 16 -> ScalarType.BFloat16;
          default -> throw Operators.refusal(node, "a cast to type " + to);
        };
    return call -> call.tensor(0).to(type == ScalarType.Float ? call.real() : type);
  }

  private static One shape(OnnxNode node) {
    long start = node.integer("start", 0);
    long end = node.integer("end", Long.MAX_VALUE);
    return call -> {
      long[] shape = call.value(0).tensor().shape();
      int from = bound(start, shape.length);
      int to = Math.max(from, bound(end, shape.length));
      return HostArrays.of(Arrays.copyOfRange(shape, from, to), to - from);
    };
  }

  private static int bound(long index, int length) {
    return (int) Math.clamp(index < 0 ? index + length : index, 0, length);
  }

  private static One reshape(OnnxNode node) {
    boolean zeroIsZero = node.integer("allowzero", 0) != 0;
    return call -> {
      Tensor x = call.tensor(0);
      long[] shape = call.longs(1);
      for (int i = 0; i < shape.length && !zeroIsZero; i++) {
        shape[i] = shape[i] == 0 ? x.size(i) : shape[i];
      }
      return x.reshape(shape);
    };
  }

  private static One flatten(OnnxNode node) {
    long axis = node.integer("axis", 1);
    return call -> {
      long[] shape = call.tensor(0).shape();
      int from = (int) (axis < 0 ? axis + shape.length : axis);
      long rows = Arrays.stream(shape).limit(from).reduce(1, (a, b) -> a * b);
      long columns = Arrays.stream(shape).skip(from).reduce(1, (a, b) -> a * b);
      return call.tensor(0).reshape(rows, columns);
    };
  }

  /// Axes are an input since operator set 13.
  private static long[] axes(OnnxNode node, Call call) {
    return call.has(1) ? call.longs(1) : node.integers("axes").orElse(new long[0]);
  }

  private static One squeeze(OnnxNode node) {
    return call -> {
      long[] axes = axes(node, call);
      return axes.length == 0 ? call.tensor(0).squeeze() : call.tensor(0).squeeze(axes);
    };
  }

  /// The axes are those of the result.
  private static One unsqueeze(OnnxNode node) {
    return call -> {
      Tensor result = call.tensor(0);
      long[] axes = axes(node, call);
      long rank = result.dim() + axes.length;
      long[] ascending =
          Arrays.stream(axes).map(axis -> axis < 0 ? axis + rank : axis).sorted().toArray();
      for (long axis : ascending) {
        result = result.unsqueeze(axis);
      }
      return result;
    };
  }

  private static One transpose(OnnxNode node) {
    long[] given = node.integers("perm").orElse(new long[0]);
    return call -> {
      long rank = call.tensor(0).dim();
      long[] reversed = LongStream.range(0, rank).map(i -> rank - 1 - i).toArray();
      return call.tensor(0).permute(given.length == 0 ? reversed : given);
    };
  }

  /// Broadcasting goes both ways: where the wanted length is 1, that of the operand stays.
  private static Tensor expand(Call call) {
    Tensor x = call.tensor(0);
    long[] wanted = call.longs(1);
    int rank = (int) Math.max(wanted.length, x.dim());
    long[] target = new long[rank];
    for (int i = 0; i < rank; i++) {
      int ours = i - rank + (int) x.dim();
      int theirs = i - rank + wanted.length;
      target[i] = Math.max(ours < 0 ? 1 : x.size(ours), theirs < 0 ? 1 : wanted[theirs]);
    }
    return x.expand(target);
  }

  private static One depthToSpace(OnnxNode node) {
    long block = node.integer("blocksize", 1);
    boolean rowsFirst = node.text("mode", "DCR").equals("DCR");
    return call -> {
      long[] s = call.tensor(0).shape();
      long channels = s[1] / (block * block);
      Tensor blocks =
          rowsFirst
              ? call.tensor(0)
                  .reshape(s[0], block, block, channels, s[2], s[3])
                  .permute(0, 3, 4, 1, 5, 2)
              : call.tensor(0)
                  .reshape(s[0], channels, block, block, s[2], s[3])
                  .permute(0, 1, 4, 2, 5, 3);
      return blocks.reshape(s[0], channels, s[2] * block, s[3] * block);
    };
  }

  private static One spaceToDepth(OnnxNode node) {
    long block = node.integer("blocksize", 1);
    return call -> {
      long[] s = call.tensor(0).shape();
      long height = s[2] / block;
      long width = s[3] / block;
      return call.tensor(0)
          .reshape(s[0], s[1], height, block, width, block)
          .permute(0, 3, 5, 1, 2, 4)
          .reshape(s[0], s[1] * block * block, height, width);
    };
  }

  private static Tensor range(Call call) {
    ScalarType type = call.value(0).tensor().scalar_type();
    Tensor range =
        torch.arange(
            call.scalar(0), call.scalar(1), call.scalar(2), new TensorOptions(ScalarType.Double));
    return range.to(type);
  }

  private static One constantOfShape(OnnxNode node) {
    OnnxTensor value =
        node.tensor("value").orElseGet(() -> OnnxTensor.ofFloats("", new long[] {1}, 0));
    boolean isFloat = value.type().isFloat();
    double number = isFloat ? value.floats()[0] : value.longs()[0];
    boolean isBool = value.type() == OnnxType.BOOL;
    return call -> {
      ScalarType integer = isBool ? ScalarType.Bool : ScalarType.Long;
      TensorOptions options = new TensorOptions(isFloat ? call.real() : integer);
      return torch.full(call.longs(0), new Scalar(number), options);
    };
  }
}
