package io.maskstream.trainer.solver;

import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import java.util.Optional;
import java.util.Random;

/// Forgets what a graph has learnt: every convolution is drawn anew, so that one can see what the
/// trained weights are worth. Layers that are zero or that upsample stay.
public final class RandomStart {

  private RandomStart() {}

  /// Normal weights of the deviation that keeps the scale of what goes through (He et al. 2015,
  /// equation 10), biases of zero. The given graph is left as it was.
  public static OnnxModel of(OnnxModel model, long seed) {
    OnnxModel drawn = model.copy();
    OnnxGraph graph = drawn.graph();
    Random random = new Random(seed);
    for (OnnxNode node : graph.nodes()) {
      Optional<OnnxTensor> weight =
          node.operator().equals("Conv") || node.operator().equals("Gemm")
              ? graph.constant(node.input(1))
              : Optional.empty();
      if (weight.isEmpty() || isZero(weight.get())) {
        continue;
      }
      OnnxTensor old = weight.get();
      double deviation = Math.sqrt(2.0 * old.shape()[0] / old.size());
      float[] values = new float[Math.toIntExact(old.size())];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (random.nextGaussian() * deviation);
      }
      graph.add(OnnxTensor.ofFloats(old.name(), old.shape(), values));
      if (node.hasInput(2)) {
        graph
            .constant(node.input(2))
            .ifPresent(bias ->
                graph.add(
                    OnnxTensor.ofFloats(
                        bias.name(), bias.shape(), new float[Math.toIntExact(bias.size())])));
      }
    }
    return drawn;
  }

  private static boolean isZero(OnnxTensor tensor) {
    for (float value : tensor.floats()) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }
}
