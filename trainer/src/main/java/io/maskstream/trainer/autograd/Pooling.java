package io.maskstream.trainer.autograd;

import io.maskstream.onnx.OnnxException;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.trainer.autograd.Kernel.One;
import io.maskstream.trainer.autograd.Window.Pads;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Largest and mean value of each window, or of the whole picture.
///
/// libtorch takes equal pads of at most half a kernel. Others are laid around the picture first;
/// then the number of windows is held to ONNX's formula, which looks at the picture, not at what
/// was laid around it.
final class Pooling {

  private Pooling() {}

  static void register(Operators operators) {
    operators.one("MaxPool", Pooling::largest);
    operators.one("AveragePool", Pooling::mean);
    operators.one(
        "GlobalMaxPool",
        _ -> call -> torch.amax(call.tensor(0), spatialAxes(call.tensor(0)), true));
    operators.one("GlobalAveragePool", _ -> call -> whole(call.tensor(0)));
  }

  private static One largest(OnnxNode node) {
    if (node.outputs().stream().skip(1).anyMatch(output -> !output.isEmpty())) {
      throw Operators.refusal(node, "the indices of a MaxPool");
    }
    Window window = Window.of(node);
    long[] kernel = kernel(node);
    boolean ceil = node.integer("ceil_mode", 0) != 0;
    int rank = kernel.length;
    return call -> {
      Tensor x = call.tensor(0);
      Pads pads = window.pads(Convolutions.spatial(x), kernel);
      if (fits(pads, kernel)) {
        return largest(x, kernel, window, pads.begin(), ceil);
      }
      Tensor padded =
          torch.constant_pad_nd(x, pads.forTorch(), new Scalar(Double.NEGATIVE_INFINITY));
      Tensor pooled = largest(padded, kernel, window, new long[rank], ceil);
      return held(pooled, x, window, pads, kernel, ceil);
    };
  }

  private static Tensor largest(Tensor x, long[] kernel, Window window, long[] pads, boolean ceil) {
    int rank = kernel.length;
    long[] strides = window.strides(rank);
    long[] dilations = window.dilations(rank);
    return switch (rank) {
      case 1 -> torch.max_pool1d(x, kernel, strides, pads, dilations, ceil);
      case 2 -> torch.max_pool2d(x, kernel, strides, pads, dilations, ceil);
      default -> torch.max_pool3d(x, kernel, strides, pads, dilations, ceil);
    };
  }

  private static One mean(OnnxNode node) {
    Window window = Window.of(node);
    long[] kernel = kernel(node);
    boolean ceil = node.integer("ceil_mode", 0) != 0;
    boolean countsPads = node.integer("count_include_pad", 0) != 0;
    int rank = kernel.length;
    if (LongStream.of(window.dilations(rank)).anyMatch(dilation -> dilation != 1)) {
      throw Operators.refusal(node, "a dilated AveragePool");
    }
    return call -> {
      Tensor x = call.tensor(0);
      Pads pads = window.pads(Convolutions.spatial(x), kernel);
      if (fits(pads, kernel)) {
        return mean(x, kernel, window, pads.begin(), ceil, countsPads, new LongOptional());
      }
      Tensor padded = torch.constant_pad_nd(x, pads.forTorch());
      Tensor pooled;
      if (countsPads) {
        pooled = mean(padded, kernel, window, new long[rank], ceil, false, new LongOptional());
      } else {
        // Sums of the picture over sums of ones, for a window counts only what is picture.
        Tensor ones = torch.constant_pad_nd(torch.ones_like(x), pads.forTorch());
        LongOptional sum = new LongOptional(1);
        pooled =
            mean(padded, kernel, window, new long[rank], ceil, true, sum)
                .div(mean(ones, kernel, window, new long[rank], ceil, true, sum));
      }
      return held(pooled, x, window, pads, kernel, ceil);
    };
  }

  private static Tensor mean(
      Tensor x,
      long[] kernel,
      Window window,
      long[] pads,
      boolean ceil,
      boolean countsPads,
      LongOptional divisor) {
    long[] strides = window.strides(kernel.length);
    return switch (kernel.length) {
      case 1 -> {
        // One row of a picture, because only that has a divisor.
        long[] flat = {1, kernel[0]};
        Tensor rows =
            torch.avg_pool2d(
                x.unsqueeze(2),
                flat,
                new long[] {1, strides[0]},
                new long[] {0, pads[0]},
                ceil,
                countsPads,
                divisor);
        yield rows.squeeze(2);
      }
      case 2 -> torch.avg_pool2d(x, kernel, strides, pads, ceil, countsPads, divisor);
      default -> torch.avg_pool3d(x, kernel, strides, pads, ceil, countsPads, divisor);
    };
  }

  private static long[] kernel(OnnxNode node) {
    long[] kernel =
        node.integers("kernel_shape")
            .orElseThrow(() -> new OnnxException(node + " has no kernel_shape; export it again"));
    if (kernel.length < 1 || kernel.length > 3) {
      throw Operators.refusal(node, kernel.length + "-dimensional pooling");
    }
    return kernel;
  }

  private static boolean fits(Pads pads, long[] kernel) {
    boolean fits = pads.symmetric();
    for (int i = 0; i < kernel.length; i++) {
      fits &= pads.begin()[i] <= kernel[i] / 2;
    }
    return fits;
  }

  private static Tensor held(
      Tensor pooled, Tensor x, Window window, Pads pads, long[] kernel, boolean ceil) {
    Tensor held = pooled;
    int rank = kernel.length;
    for (int i = 0; i < rank; i++) {
      long count = window.count(i, x.size(i + 2), kernel[i], pads, rank, ceil);
      if (count < held.size(i + 2)) {
        held = held.narrow(i + 2, 0, count);
      }
    }
    return held;
  }

  private static Tensor whole(Tensor x) {
    return torch.mean(x, spatialAxes(x), true, new org.bytedeco.pytorch.ScalarTypeOptional());
  }

  private static long[] spatialAxes(Tensor x) {
    return LongStream.range(2, x.dim()).toArray();
  }
}
