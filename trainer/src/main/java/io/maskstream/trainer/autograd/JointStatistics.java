package io.maskstream.trainer.autograd;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/// Mean and variance of what each batch norm reads, over all micro-batches of one step: what SyncBN
/// finds over the GPUs of a machine, found over batches that one GPU takes one after another.
///
/// [TorchGraph#statistics] makes it, in the caller's innermost scope, where its tensors stay.
public final class JointStatistics {

  private final Map<String, Moments> byOutput = new HashMap<>();

  JointStatistics() {}

  /// By channel.
  ///
  /// @param variance over the number of values, not one less
  record Moments(Tensor mean, Tensor variance, long values) {

    static Moments of(Tensor x) {
      Tensor mean = mean(x);
      Tensor away = x.sub(shaped(mean, x));
      return new Moments(mean, mean(away.mul(away)), x.numel() / x.size(1));
    }

    /// Of several at once (Chan, Golub & LeVeque 1979).
    static Moments joined(List<Moments> parts) {
      long values = parts.stream().mapToLong(Moments::values).sum();
      Tensor mean = weighted(parts, values, parts.stream().map(Moments::mean).toList());
      List<Tensor> variances = new ArrayList<>();
      for (Moments part : parts) {
        Tensor apart = part.mean().sub(mean);
        variances.add(part.variance().add(apart.mul(apart)));
      }
      return new Moments(mean, weighted(parts, values, variances), values);
    }

    private static Tensor weighted(List<Moments> parts, long values, List<Tensor> tensors) {
      Tensor sum = tensors.getFirst().mul(share(parts.getFirst(), values));
      for (int i = 1; i < parts.size(); i++) {
        sum = sum.add(tensors.get(i).mul(share(parts.get(i), values)));
      }
      return sum;
    }

    private static Scalar share(Moments part, long values) {
      return new Scalar(part.values() / (double) values);
    }

    private static Tensor mean(Tensor x) {
      long[] others = LongStream.range(0, x.dim()).filter(axis -> axis != 1).toArray();
      return x.mean(others, false, new ScalarTypeOptional());
    }
  }

  /// A value for each channel, to be broadcast along the other axes.
  static Tensor shaped(Tensor channels, Tensor like) {
    long[] shape = new long[(int) like.dim()];
    Arrays.fill(shape, 1);
    shape[1] = -1;
    return channels.reshape(shape);
  }

  void put(String output, Moments moments) {
    byOutput.put(output, moments);
  }

  @Nullable Moments get(String output) {
    return byOutput.get(output);
  }
}
