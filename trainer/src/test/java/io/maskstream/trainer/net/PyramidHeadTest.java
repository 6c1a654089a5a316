package io.maskstream.trainer.net;

import static io.maskstream.trainer.graph.Closeness.assertClose;

import io.maskstream.inference.OrtGraphRunner;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxType;
import io.maskstream.onnx.OnnxValue;
import io.maskstream.release.GraphRunner.Running;
import io.maskstream.release.GraphRunner.Tensor;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Pooling into bins, against the mean over each bin's cells as PyTorch's adaptive pooling
/// documents them.
class PyramidHeadTest {

  @ParameterizedTest
  @CsvSource({"6, 60, 60", "6, 65, 33", "3, 7, 11", "6, 5, 4", "2, 1, 9", "1, 13, 8", "6, 97, 97"})
  void poolsAnyMapIntoAnyBins(int bins, int height, int width) {
    Layers layers = new Layers("pooled", "data", 0);
    String mean = PyramidHead.pooled(layers, "bin", "data", bins);
    OnnxModel model = layers.model(OnnxValue.ofUnknownShape(mean, OnnxType.FLOAT));
    Random random = new Random(7);
    float[] map = new float[3 * height * width];
    for (int i = 0; i < map.length; i++) {
      map[i] = (float) random.nextGaussian();
    }
    try (Running running = new OrtGraphRunner().open(model.toBytes(), "pooled")) {
      long[] shape = {1, 3, height, width};
      Tensor pooled = running.run("data", new Tensor.Floats(shape, map)).get(mean);
      assertClose(((Tensor.Floats) pooled).values(), naively(map, height, width, bins), 1e-6);
    }
  }

  private static float[] naively(float[] map, int height, int width, int bins) {
    float[] means = new float[3 * bins * bins];
    for (int i = 0; i < means.length; i++) {
      int plane = i / (bins * bins);
      int row = i / bins % bins;
      int column = i % bins;
      double sum = 0;
      int count = 0;
      for (int y = row * height / bins; y < Math.ceilDiv((row + 1) * height, bins); y++) {
        for (int x = column * width / bins; x < Math.ceilDiv((column + 1) * width, bins); x++) {
          sum += map[(plane * height + y) * width + x];
          count++;
        }
      }
      means[i] = (float) (sum / count);
    }
    return means;
  }
}
