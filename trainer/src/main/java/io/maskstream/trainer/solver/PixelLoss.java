package io.maskstream.trainer.solver;

import java.util.Map;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// Cross entropy between scores and labels; label 255 counts for nothing. Owns the class weights.
final class PixelLoss implements AutoCloseable {

  /// The label of pixels that have none.
  static final long IGNORE = 255;

  private static final int TORCH_MEAN = 1;
  private static final int TORCH_SUM = 2;

  private final LossSettings settings;
  private final String main;
  private final Tensor weights;

  /// @param main name of the output that the release will have
  PixelLoss(LossSettings settings, String main, Device device) {
    this.settings = settings;
    this.main = main;
    float[] values = new float[settings.classWeights().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = settings.classWeights().get(i);
    }
    try (Tensor host = Tensor.create(values)) {
      weights =
          host.to(
              device,
              ScalarType.Float,
              false,
              true,
              new org.bytedeco.pytorch.MemoryFormatOptional());
    }
  }

  /// The number of pixels with a label.
  static long labelled(Tensor labels) {
    return labels.ne(new Scalar(IGNORE)).sum().item_long();
  }

  /// The loss of one batch; the batch must have a labelled pixel, for the mean of none is not a
  /// number.
  ///
  /// @param outputs of the graph, float [N,K,h,w]
  /// @param labels int64 [N,H,W]
  Tensor of(Map<String, Tensor> outputs, Tensor labels) {
    Tensor scores = outputs.get(main);
    if (scores == null) {
      throw new IllegalArgumentException("graph gives " + outputs.keySet() + ", not " + main);
    }
    Tensor loss = one(scores, labels);
    for (Map.Entry<String, Tensor> output : outputs.entrySet()) {
      if (!output.getKey().equals(main)) {
        loss = loss.add(one(output.getValue(), labels), new Scalar(settings.auxiliaryWeight()));
      }
    }
    return loss;
  }

  private Tensor one(Tensor scores, Tensor labels) {
    Tensor wide = scores.to(ScalarType.Float);
    if (wide.size(2) != labels.size(1) || wide.size(3) != labels.size(2)) {
      wide = torch.upsample_bilinear2d(wide, new long[] {labels.size(1), labels.size(2)}, false);
    }
    return torch.cross_entropy_loss(
        wide,
        labels,
        weights.numel() == 0 ? new TensorOptional() : new TensorOptional(weights),
        settings.reduction() == LossSettings.Reduction.MEAN ? TORCH_MEAN : TORCH_SUM,
        IGNORE,
        0);
  }

  @Override
  public void close() {
    weights.close();
  }
}
