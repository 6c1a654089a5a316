package io.maskstream.trainer.net;

import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.release.InputSize;
import io.maskstream.release.Palette;
import io.maskstream.release.ReleaseMetadata;
import java.util.Random;

/// The bench's network: convolutions with random weights, for it is only asked how long it takes.
///
/// At 480x360 it multiplies 1.6 billion times a frame, which two cores do in 20 ms and more: the
/// weight of a small real net.
public final class BenchNet {

  public static final String NAME = "bench";
  public static final String VERSION = "1";

  static final int STRIDE = 2;
  private static final long MAX_PIXELS = 1920L * 1088;
  private static final int CHANNELS = 32;
  private static final int LAYERS = 10;
  private static final int OPSET = 17;

  private BenchNet() {}

  /// Builds the release; always the same.
  public static OnnxModel build(Palette palette) {
    Random random = new Random(2015);
    OnnxModel model = OnnxModel.create(NAME, OPSET);
    OnnxGraph graph = model.graph();
    String value = layer(graph, random, "conv0", Ends.frames(graph), 3, STRIDE);
    for (int i = 1; i <= LAYERS; i++) {
      value = layer(graph, random, "conv" + i, value, CHANNELS, 1);
    }
    graph.add(weights("score.weight", random, palette.size(), CHANNELS, 1));
    Ends.node(graph, "Conv", "score", value, "score.weight").set("kernel_shape", new long[] {1, 1});
    Ends.classes(graph, "score", STRIDE);
    ReleaseMetadata.put(model, NAME, VERSION, palette, new InputSize.Free(STRIDE, MAX_PIXELS));
    graph.check();
    return model;
  }

  private static String layer(
      OnnxGraph graph, Random random, String name, String input, int channels, int stride) {
    graph.add(weights(name + ".weight", random, CHANNELS, channels, 3));
    Ends.node(graph, "Conv", name, input, name + ".weight")
        .set("kernel_shape", new long[] {3, 3})
        .set("pads", new long[] {1, 1, 1, 1})
        .set("strides", new long[] {stride, stride});
    Ends.node(graph, "Relu", name + ".relu", name);
    return name + ".relu";
  }

  /// Normal, with the deviation that keeps the scale of what goes through (He et al. 2015, eq. 10).
  private static OnnxTensor weights(String name, Random random, int out, int in, int kernel) {
    float[] values = new float[out * in * kernel * kernel];
    double deviation = Math.sqrt(2.0 / (in * kernel * kernel));
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * deviation);
    }
    return OnnxTensor.ofFloats(name, new long[] {out, in, kernel, kernel}, values);
  }
}
