package io.maskstream.trainer.autograd;

import io.maskstream.onnx.OnnxNode;
import io.maskstream.trainer.autograd.Kernel.One;
import io.maskstream.trainer.autograd.Window.AutoPad;
import io.maskstream.trainer.autograd.Window.Pads;
import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/// Convolution and transposed convolution, in one to three dimensions.
final class Convolutions {

  private Convolutions() {}

  static void register(Operators operators) {
    operators.one("Conv", Convolutions::convolution);
    operators.one("ConvTranspose", Convolutions::transposed);
  }

  private static One convolution(OnnxNode node) {
    Window window = Window.of(node);
    long group = node.integer("group", 1);
    return call -> {
      Tensor x = call.tensor(0);
      Tensor weight = call.tensor(1);
      TensorOptional bias = call.optional(2);
      int rank = (int) weight.dim() - 2;
      Pads pads = window.pads(spatial(x), spatial(weight));
      if (!pads.symmetric()) {
        x = torch.constant_pad_nd(x, pads.forTorch());
        pads = Pads.none(rank);
      }
      long[] strides = window.strides(rank);
      long[] dilations = window.dilations(rank);
      return switch (rank) {
        case 1 -> torch.conv1d(x, weight, bias, strides, pads.begin(), dilations, group);
        case 2 -> torch.conv2d(x, weight, bias, strides, pads.begin(), dilations, group);
        case 3 -> torch.conv3d(x, weight, bias, strides, pads.begin(), dilations, group);
        default -> throw Operators.refusal(node, rank + "-dimensional convolution");
      };
    };
  }

  private static One transposed(OnnxNode node) {
    Window window = Window.of(node);
    long group = node.integer("group", 1);
    long[] extra = node.integers("output_padding").orElse(new long[0]);
    long[] wanted = node.integers("output_shape").orElse(new long[0]);
    return call -> {
      Tensor x = call.tensor(0);
      Tensor weight = call.tensor(1);
      int rank = (int) weight.dim() - 2;
      long[] strides = window.strides(rank);
      long[] dilations = window.dilations(rank);
      long[] more = extra.length == 0 ? new long[rank] : extra;
      Pads pads = cut(window, wanted, more, spatial(x), spatial(weight));
      // What is cut on both sides libtorch cuts itself; the rest is cut off what it gives.
      long[] both = new long[rank];
      for (int i = 0; i < rank; i++) {
        both[i] = Math.max(0, Math.min(pads.begin()[i], pads.end()[i]));
      }
      Tensor y = transpose(node, call, rank, strides, both, more, group, dilations);
      Pads rest = pads.minus(both);
      return rest.isNone() ? y : torch.constant_pad_nd(y, rest.negated().forTorch());
    };
  }

  private static Tensor transpose(
      OnnxNode node,
      Call call,
      int rank,
      long[] strides,
      long[] pads,
      long[] more,
      long group,
      long[] dilations) {
    Tensor x = call.tensor(0);
    Tensor weight = call.tensor(1);
    TensorOptional bias = call.optional(2);
    return switch (rank) {
      case 1 -> torch.conv_transpose1d(x, weight, bias, strides, pads, more, group, dilations);
      case 2 -> torch.conv_transpose2d(x, weight, bias, strides, pads, more, group, dilations);
      case 3 -> torch.conv_transpose3d(x, weight, bias, strides, pads, more, group, dilations);
      default -> throw Operators.refusal(node, rank + "-dimensional transposed convolution");
    };
  }

  /// What is cut off the whole output, by the formulas of the operator's definition.
  private static Pads cut(Window window, long[] wanted, long[] more, long[] size, long[] kernel) {
    int rank = size.length;
    boolean same = window.autoPad() == AutoPad.SAME_UPPER || window.autoPad() == AutoPad.SAME_LOWER;
    if (wanted.length == 0 && !same) {
      return window.pads(size, kernel);
    }
    long[] begin = new long[rank];
    long[] end = new long[rank];
    for (int i = 0; i < rank; i++) {
      long stride = window.strides(rank)[i];
      long target = wanted.length == 0 ? size[i] * stride : wanted[wanted.length - rank + i];
      long whole =
          stride * (size[i] - 1) + more[i] + (kernel[i] - 1) * window.dilations(rank)[i] + 1;
      long total = whole - target;
      begin[i] = window.autoPad() == AutoPad.SAME_UPPER ? total / 2 : total - total / 2;
      end[i] = total - begin[i];
    }
    return new Pads(begin, end);
  }

  static long[] spatial(Tensor tensor) {
    long[] shape = tensor.shape();
    return Arrays.copyOfRange(shape, 2, shape.length);
  }
}
