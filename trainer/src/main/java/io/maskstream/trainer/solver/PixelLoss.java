package io.maskstream.trainer.solver;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.NoGradGuard;
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

  /// Side of a patch that counts or does not, in pixels: the stride of the coarsest scores.
  private static final long PATCH = 32;

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

  /// The labels that count in this step: of all, or of patches drawn by chance, which is what
  /// training on patches comes to (Long, Shelhamer & Darrell 2015, section 3.4).
  BatchLabels drawn(BatchLabels labels) {
    if (settings.share() == 1) {
      return labels;
    }
    Map<String, Tensor> further = new LinkedHashMap<>();
    labels.further().forEach((name, map) -> further.put(name, drawn(map)));
    return new BatchLabels(drawn(labels.classes()), further);
  }

  private Tensor drawn(Tensor labels) {
    long height = labels.size(1);
    long width = labels.size(2);
    Tensor patches =
        torch
            .rand(labels.size(0), Math.ceilDiv(height, PATCH), Math.ceilDiv(width, PATCH))
            .to(labels.device(), ScalarType.Float);
    Tensor pixels =
        torch
            .repeat_interleave(
                torch.repeat_interleave(patches, PATCH, new LongOptional(1), new LongOptional()),
                PATCH,
                new LongOptional(2),
                new LongOptional())
            .narrow(1, 0, height)
            .narrow(2, 0, width);
    return labels.masked_fill(pixels.ge(new Scalar(settings.share())), new Scalar(IGNORE));
  }

  /// The loss of one batch; the batch must have a labelled pixel, for the mean of none is not a
  /// number. Outputs that have labels of their own count as much as the main one.
  ///
  /// @param outputs of the graph, float [N,K,h,w]
  Tensor of(Map<String, Tensor> outputs, BatchLabels labels) {
    Tensor scores = outputs.get(main);
    if (scores == null) {
      throw new IllegalArgumentException("graph gives " + outputs.keySet() + ", not " + main);
    }
    Tensor loss = one(scores, labels.classes(), weights);
    for (Map.Entry<String, Tensor> output : outputs.entrySet()) {
      Tensor own = labels.further().get(output.getKey());
      if (own != null && labelled(own) > 0) {
        loss = loss.add(one(output.getValue(), own, new Tensor()));
      } else if (own == null && !output.getKey().equals(main)) {
        Tensor auxiliary = one(output.getValue(), labels.classes(), weights);
        loss = loss.add(auxiliary, new Scalar(settings.auxiliaryWeight()));
      }
    }
    return loss;
  }

  private Tensor one(Tensor scores, Tensor labels, Tensor classWeights) {
    Tensor given = scores.to(ScalarType.Float);
    boolean small = given.size(2) != labels.size(1) || given.size(3) != labels.size(2);
    long[] sides = {labels.size(1), labels.size(2)};
    Tensor wide = small ? torch.upsample_bilinear2d(given, sides, false) : given;
    Tensor counted = settings.hard().map(hard -> hardest(wide, labels, hard)).orElse(labels);
    Tensor loss =
        torch.cross_entropy_loss(
            wide,
            counted,
            classWeights.defined() && classWeights.numel() > 0
                ? new TensorOptional(classWeights)
                : new TensorOptional(),
            settings.reduction() == LossSettings.Reduction.MEAN ? TORCH_MEAN : TORCH_SUM,
            IGNORE,
            0);
    return settings.reduction() == LossSettings.Reduction.MEAN_OF_ALL
        ? loss.div(new Scalar((double) labels.numel()))
        : loss;
  }

  /// The labels of the pixels that the net knows least, ignore elsewhere. At least one stays.
  private static Tensor hardest(Tensor scores, Tensor labels, LossSettings.HardPixels hard) {
    try (NoGradGuard guard = new NoGradGuard()) {
      Tensor known = labels.ne(new Scalar(IGNORE));
      Tensor ids = labels.masked_fill(known.logical_not(), new Scalar(0)).unsqueeze(1);
      Tensor sure = torch.softmax(scores, 1).gather(1, ids).squeeze(1);
      Tensor sorted = torch.sort(sure.masked_select(known)).get0();
      long last = Math.min(hard.least() * labels.size(0), sorted.numel()) - 1;
      double most = Math.max(hard.probability(), sorted.select(0, last).item_double());
      return labels.masked_fill(sure.gt(new Scalar(most)), new Scalar(IGNORE));
    }
  }

  @Override
  public void close() {
    weights.close();
  }
}
