package io.maskstream.trainer.autograd;

import io.maskstream.onnx.OnnxException;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.trainer.autograd.Kernel.One;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// Resize: nearest, linear and cubic, by sizes or scales, in every coordinate mode but
/// `tf_crop_and_resize`.
///
/// Bilinear upsampling with aligned corners or half pixels is an operator of libtorch. All else is
/// written as a sum of picks: along each axis, a target cell is a weighted sum of 1 (nearest), 2
/// (linear) or 4 (cubic) source cells, found by [Taps].
final class Resizing {

  private Resizing() {}

  static void register(Operators operators) {
    operators.one("Resize", Resizing::resize);
  }

  private static One resize(OnnxNode node) {
    Taps taps = Taps.of(node);
    String policy = node.text("keep_aspect_ratio_policy", "stretch");
    if (!policy.equals("stretch")) {
      throw Operators.refusal(node, "keep_aspect_ratio_policy=" + policy);
    }
    if (node.integer("antialias", 0) != 0) {
      throw Operators.refusal(node, "antialias=1");
    }
    return call -> {
      Tensor x = call.tensor(0);
      int rank = (int) x.dim();
      long[] axes = node.integers("axes").orElse(LongStream.range(0, rank).toArray());
      boolean byScales = call.has(2) && call.value(2).tensor().numel() > 0;
      double[] scales = new double[rank];
      Arrays.fill(scales, 1);
      long[] sizes = x.shape();
      for (int i = 0; i < axes.length; i++) {
        int axis = (int) (axes[i] < 0 ? axes[i] + rank : axes[i]);
        if (byScales) {
          scales[axis] = call.numbers(2)[i];
          sizes[axis] = (long) Math.floor(sizes[axis] * scales[axis]);
        } else {
          long wanted = call.longs(3)[i];
          scales[axis] = (double) wanted / sizes[axis];
          sizes[axis] = wanted;
        }
      }
      return resize(x, sizes, scales, taps, byScales);
    };
  }

  private static Tensor resize(
      Tensor x, long[] sizes, double[] scales, Taps taps, boolean byScales) {
    boolean picture =
        x.dim() == 4 && scales[0] == 1 && scales[1] == 1 && torch.isFloatingType(x.scalar_type());
    long[] target = Arrays.copyOfRange(sizes, Math.min(2, sizes.length), sizes.length);
    if (picture && taps.isTorchBilinear(target)) {
      DoubleOptional none = new DoubleOptional();
      return torch.upsample_bilinear2d(
          x,
          target,
          taps.alignsCorners(),
          byScales ? new DoubleOptional(scales[2]) : none,
          byScales ? new DoubleOptional(scales[3]) : none);
    }
    Tensor result = x;
    for (int axis = 0; axis < sizes.length; axis++) {
      if (scales[axis] != 1 || sizes[axis] != x.size(axis)) {
        result = along(result, axis, taps.along(x.size(axis), sizes[axis], scales[axis]));
      }
    }
    return result;
  }

  private static Tensor along(Tensor x, int axis, Taps.Picks picks) {
    Tensor sum = null;
    int length = picks.indices()[0].length;
    long[] broadcast = Window.filled((int) x.dim(), 1);
    broadcast[axis] = length;
    for (int i = 0; i < picks.indices().length; i++) {
      Tensor index = HostArrays.of(picks.indices()[i], length).to(x.device(), ScalarType.Long);
      Tensor picked = x.index_select(axis, index);
      if (picks.weights().length > 0) {
        Tensor weight = HostArrays.of(picks.weights()[i], broadcast);
        picked = picked.mul(weight.to(x.device(), x.scalar_type()));
      }
      sum = sum == null ? picked : sum.add(picked);
    }
    if (sum == null) {
      throw new OnnxException("nothing to pick along axis " + axis);
    }
    return sum;
  }
}
