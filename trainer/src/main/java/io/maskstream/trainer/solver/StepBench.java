package io.maskstream.trainer.solver;

import io.maskstream.trainer.autograd.Mode;
import io.maskstream.trainer.autograd.Precision;
import io.maskstream.trainer.autograd.TorchGraph;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// How long a training step takes, on noise: forward, loss, backward, update by SGD with momentum.
///
/// @param best of the steps, seconds
/// @param median of the steps, seconds
public record StepBench(int steps, double best, double median) {

  private static final int WARM_UP = 3;

  /// @param width of the pictures
  /// @param height of the pictures
  public static StepBench measure(
      TorchGraph graph,
      Precision precision,
      int batch,
      int width,
      int height,
      int classes,
      int steps) {
    double[] seconds = new double[steps];
    torch.manual_seed(1);
    try (Optimizer optimizer =
            Optimizer.of(
                new OptimizerSettings.Sgd(1e-6, 0.9, false, 5e-4),
                ParameterGroups.even().learners(graph.parameters()));
        PixelLoss loss =
            new PixelLoss(LossSettings.mean(), TorchGraph.LOGITS, graph.placement().device())) {
      optimizer.learners().forEach(learner -> learner.tensor().set_requires_grad(true));
      for (int i = -WARM_UP; i < steps; i++) {
        try (PointerScope scope = new PointerScope()) {
          Tensor noise = torch.rand(batch, height, width, 3).mul(new Scalar(255.0));
          Tensor image = noise.permute(0, 3, 1, 2).to(graph.placement().device(), ScalarType.Float);
          Tensor labels =
              torch
                  .randint(0, classes, new long[] {batch, height, width})
                  .to(graph.placement().device(), ScalarType.Long);
          long start = System.nanoTime();
          Map<String, Tensor> scores;
          try (Precision.Scope active = precision.open(graph.placement().device())) {
            scores =
                graph.forward(
                    Map.of(TorchGraph.IMAGE, image), Mode.TRAINING, Set.of(TorchGraph.LOGITS));
          }
          Tensor value = loss.of(scores, new BatchLabels(labels, Map.of()));
          value.backward();
          optimizer.step(1e-6);
          optimizer.forgetGradients();
          double read = value.item_double(); // waits for a GPU
          if (i >= 0 && !Double.isNaN(read)) {
            seconds[i] = (System.nanoTime() - start) / 1e9;
          }
        }
      }
    }
    Arrays.sort(seconds);
    return new StepBench(steps, seconds[0], seconds[steps / 2]);
  }
}
