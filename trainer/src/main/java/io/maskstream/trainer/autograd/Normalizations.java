package io.maskstream.trainer.autograd;

import io.maskstream.onnx.OnnxNode;
import io.maskstream.trainer.autograd.Kernel.One;
import java.util.Arrays;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/// Normalizations over the batch, the picture, groups of channels, and neighbouring channels.
final class Normalizations {

  private Normalizations() {}

  static void register(Operators operators) {
    operators.one("BatchNormalization", Normalizations::batch);
    operators.one("InstanceNormalization", Normalizations::instance);
    operators.one("LayerNormalization", Normalizations::layer);
    operators.one("GroupNormalization", Normalizations::group);
    operators.one("LRN", Normalizations::local);
    operators.one("LpNormalization", Normalizations::unit);
  }

  /// ONNX's momentum is the share of the old statistics, libtorch's that of the new.
  private static One batch(OnnxNode node) {
    onlyFirstOutput(node);
    double share = 1 - (double) node.number("momentum", 0.9f);
    float epsilon = node.number("epsilon", 1e-5f);
    return call -> {
      JointStatistics.Moments joint = call.joint(node.output());
      return joint == null
          ? torch.batch_norm(
              call.tensor(0),
              call.optional(1),
              call.optional(2),
              call.optional(3),
              call.optional(4),
              call.movesStatistics(),
              share,
              epsilon,
              true)
          : jointly(call, joint, epsilon);
    };
  }

  /// By the statistics of a whole step; the gradient is as if the batch had them by itself, for it
  /// does not know the others.
  private static Tensor jointly(Call call, JointStatistics.Moments joint, float epsilon) {
    Tensor x = call.tensor(0).to(call.tensor(1).scalar_type());
    JointStatistics.Moments own = JointStatistics.Moments.of(x);
    Tensor mean = joint.mean().add(own.mean().sub(own.mean().detach()));
    Tensor variance = joint.variance().add(own.variance().sub(own.variance().detach()));
    Tensor factor = variance.add(new Scalar(epsilon)).rsqrt().mul(call.tensor(1));
    return x.sub(JointStatistics.shaped(mean, x))
        .mul(JointStatistics.shaped(factor, x))
        .add(JointStatistics.shaped(call.tensor(2), x));
  }

  /// Moves the running statistics of a batch norm once for a whole step.
  ///
  /// @param mean running
  /// @param variance running, which goes by the unbiased one
  static void move(OnnxNode node, JointStatistics.Moments joint, Tensor mean, Tensor variance) {
    double share = 1 - (double) node.number("momentum", 0.9f);
    double unbiased = joint.values() / Math.max(1.0, joint.values() - 1.0);
    mean.mul_(new Scalar(1 - share)).add_(joint.mean(), new Scalar(share));
    variance.mul_(new Scalar(1 - share)).add_(joint.variance(), new Scalar(share * unbiased));
  }

  private static One instance(OnnxNode node) {
    float epsilon = node.number("epsilon", 1e-5f);
    return call ->
        torch.instance_norm(
            call.tensor(0),
            call.optional(1),
            call.optional(2),
            new TensorOptional(),
            new TensorOptional(),
            true,
            0,
            epsilon,
            true);
  }

  private static One layer(OnnxNode node) {
    onlyFirstOutput(node);
    long axis = node.integer("axis", -1);
    float epsilon = node.number("epsilon", 1e-5f);
    return call -> {
      long[] shape = call.tensor(0).shape();
      int from = (int) (axis < 0 ? axis + shape.length : axis);
      long[] normalized = Arrays.copyOfRange(shape, from, shape.length);
      Tensor x = call.tensor(0);
      return torch.layer_norm(x, normalized, call.optional(1), call.optional(2), epsilon, true);
    };
  }

  /// Until operator set 20 there was one scale and shift for each group, since 21 one for each
  /// channel.
  private static One group(OnnxNode node) {
    float epsilon = node.number("epsilon", 1e-5f);
    long groups = node.integer("num_groups", 1);
    return call -> {
      long each = call.tensor(0).size(1) / call.tensor(1).numel();
      return torch.group_norm(
          call.tensor(0),
          groups,
          new TensorOptional(torch.repeat_interleave(call.tensor(1), each)),
          new TensorOptional(torch.repeat_interleave(call.tensor(2), each)),
          epsilon,
          true);
    };
  }

  /// AlexNet's: x over a power of the mean square of the channels around it (Krizhevsky et al.
  /// 2012, section 3.3). The mean over channels is a pool over a picture of which they are rows.
  private static One local(OnnxNode node) {
    long size = node.integer("size", 1);
    float alpha = node.number("alpha", 1e-4f);
    float beta = node.number("beta", 0.75f);
    float bias = node.number("bias", 1);
    long before = (size - 1) / 2;
    return call -> {
      Tensor x = call.tensor(0);
      long[] shape = x.shape();
      Tensor rows = x.mul(x).reshape(shape[0], 1, shape[1], -1);
      Tensor padded = torch.constant_pad_nd(rows, 0, 0, before, size - 1 - before);
      Tensor mean =
          torch.avg_pool2d(
              padded,
              new long[] {size, 1},
              new long[] {1, 1},
              new long[] {0, 0},
              false,
              true,
              new LongOptional());
      Tensor scale = mean.mul(new Scalar(alpha)).add(new Scalar(bias));
      return x.div(torch.pow(scale, new Scalar(beta)).reshape(shape));
    };
  }

  private static One unit(OnnxNode node) {
    long axis = node.integer("axis", -1);
    double p = node.integer("p", 2);
    return call -> {
      Tensor x = call.tensor(0);
      Tensor lengths =
          torch.linalg_vector_norm(
              x,
              new Scalar(p),
              new long[] {axis},
              true,
              new org.bytedeco.pytorch.ScalarTypeOptional());
      return x.div(lengths);
    };
  }

  private static void onlyFirstOutput(OnnxNode node) {
    if (node.outputs().stream().skip(1).anyMatch(output -> !output.isEmpty())) {
      throw Operators.refusal(node, "more than the first output");
    }
  }
}
