package io.maskstream.trainer.graph;

import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxTensor;
import java.util.List;
import java.util.Random;

/// Gives score layers, which begin with zeros, something to say.
public final class DrawnScores {

  private DrawnScores() {}

  /// Draws them in their place; layers of one name and shape alike.
  public static OnnxModel in(OnnxModel model) {
    for (OnnxTensor tensor : List.copyOf(model.graph().initializers())) {
      if (tensor.name().startsWith(Trainable.SCORE) && tensor.shape().length == 4) {
        Random random = new Random(tensor.name().hashCode());
        float[] values = new float[Math.toIntExact(tensor.size())];
        double deviation = 1 / Math.sqrt(tensor.shape()[1]);
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) (random.nextGaussian() * deviation);
        }
        model.graph().add(OnnxTensor.ofFloats(tensor.name(), tensor.shape(), values));
      }
    }
    return model;
  }
}
