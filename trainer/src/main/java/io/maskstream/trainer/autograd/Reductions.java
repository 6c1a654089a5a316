package io.maskstream.trainer.autograd;

import io.maskstream.onnx.OnnxNode;
import io.maskstream.trainer.autograd.Kernel.One;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Sums and the like along axes.
final class Reductions {

  private interface Reduction {
    Tensor of(Tensor x, long[] axes, boolean keeps);
  }

  private Reductions() {}

  static void register(Operators operators) {
    reduction(operators, "ReduceSum", Reductions::sum);
    reduction(
        operators,
        "ReduceMean",
        (x, axes, keeps) -> torch.mean(x, axes, keeps, new ScalarTypeOptional()));
    reduction(operators, "ReduceMax", (x, axes, keeps) -> torch.amax(x, axes, keeps));
    reduction(operators, "ReduceMin", (x, axes, keeps) -> torch.amin(x, axes, keeps));
    reduction(operators, "ReduceProd", Reductions::product);
    reduction(operators, "ReduceL1", (x, axes, keeps) -> sum(torch.abs(x), axes, keeps));
    reduction(
        operators,
        "ReduceL2",
        (x, axes, keeps) ->
            torch.linalg_vector_norm(x, new Scalar(2.0), axes, keeps, new ScalarTypeOptional()));
    reduction(operators, "ReduceSumSquare", (x, axes, keeps) -> sum(x.mul(x), axes, keeps));
    reduction(operators, "ReduceLogSum", (x, axes, keeps) -> torch.log(sum(x, axes, keeps)));
    reduction(operators, "ReduceLogSumExp", (x, axes, keeps) -> torch.logsumexp(x, axes, keeps));
    operators.one("ArgMax", node -> winner(node, true));
    operators.one("ArgMin", node -> winner(node, false));
  }

  /// Axes are an attribute until operator set 17 (ReduceSum: 12), an input since.
  private static void reduction(Operators operators, String operator, Reduction reduction) {
    operators.one(
        operator,
        node -> {
          long[] fixed = node.integers("axes").orElse(new long[0]);
          boolean keeps = node.integer("keepdims", 1) != 0;
          boolean nothing = node.integer("noop_with_empty_axes", 0) != 0;
          return call -> {
            Tensor x = call.tensor(0);
            long[] axes = call.has(1) ? call.longs(1) : fixed;
            if (axes.length > 0) {
              return reduction.of(x, axes, keeps);
            }
            return nothing || x.dim() == 0
                ? x
                : reduction.of(x, LongStream.range(0, x.dim()).toArray(), keeps);
          };
        });
  }

  private static Tensor sum(Tensor x, long[] axes, boolean keeps) {
    return torch.sum(x, axes, keeps, new ScalarTypeOptional(x.scalar_type()));
  }

  private static Tensor product(Tensor x, long[] axes, boolean keeps) {
    long[] descending = Arrays.stream(axes).map(axis -> axis < 0 ? axis + x.dim() : axis).toArray();
    Arrays.sort(descending);
    Tensor product = x;
    for (int i = descending.length - 1; i >= 0; i--) {
      product = torch.prod(product, descending[i], keeps, new ScalarTypeOptional(x.scalar_type()));
    }
    return product;
  }

  private static One winner(OnnxNode node, boolean largest) {
    long axis = node.integer("axis", 0);
    boolean keeps = node.integer("keepdims", 1) != 0;
    boolean last = node.integer("select_last_index", 0) != 0;
    return call -> {
      Tensor x = call.tensor(0);
      Tensor seen = last ? torch.flip(x, axis) : x;
      Tensor index =
          largest
              ? torch.argmax(seen, new LongOptional(axis), keeps)
              : torch.argmin(seen, new LongOptional(axis), keeps);
      return last ? index.neg().add(new Scalar(x.size(axis) - 1)) : index;
    };
  }
}
