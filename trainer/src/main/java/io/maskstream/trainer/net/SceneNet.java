package io.maskstream.trainer.net;

import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.release.InputSize;
import io.maskstream.release.Palette;
import io.maskstream.release.ReleaseMetadata;

/// The demo's network: a fully convolutional net that needs no training, because the classes of the
/// generated scene are colours.
///
/// A convolution smooths and goes to stride 4; a score layer, 1x1, measures how near a cell's
/// colour x is to the colour c of each class; bilinear upsampling brings the scores to the
/// picture's size. The square |x|^2 is the same for every class and drops out of argmax and
/// softmax, so -|x - c|^2 / 2s^2 becomes (2 c x - |c|^2) / 2s^2: weights and bias of a convolution.
/// With s the deviation of the noise, the softmax of the scores is the probability of each class.
public final class SceneNet {

  public static final String NAME = "scene";
  public static final String VERSION = "1";

  static final int STRIDE = 4;
  static final long MAX_PIXELS = 1920L * 1088;

  /// Deviation of colours from those of the palette, in bytes: noise, texture and coding.
  static final float SIGMA = 24;

  /// One dimension of the smoothing, binomial.
  private static final float[] TAPS = {1 / 8f, 3 / 8f, 3 / 8f, 1 / 8f};

  private static final int OPSET = 17;

  private SceneNet() {}

  /// Builds the release.
  public static OnnxModel build(Palette palette) {
    OnnxModel model = OnnxModel.create(NAME, OPSET);
    OnnxGraph graph = model.graph();
    int classes = palette.size();
    graph.add(OnnxTensor.ofFloats("smooth.weight", new long[] {3, 1, STRIDE, STRIDE}, smoothing()));
    graph.add(OnnxTensor.ofFloats("score.weight", new long[] {classes, 3, 1, 1}, weights(palette)));
    graph.add(OnnxTensor.ofFloats("score.bias", new long[] {classes}, bias(palette)));

    String pixels = Ends.frames(graph);
    Ends.node(graph, "Conv", "smooth", pixels, "smooth.weight")
        .set("group", 3)
        .set("kernel_shape", new long[] {STRIDE, STRIDE})
        .set("strides", new long[] {STRIDE, STRIDE});
    Ends.node(graph, "Conv", "score", "smooth", "score.weight", "score.bias")
        .set("kernel_shape", new long[] {1, 1});
    Ends.classes(graph, "score", STRIDE);
    ReleaseMetadata.put(model, NAME, VERSION, palette, new InputSize.Free(STRIDE, MAX_PIXELS));
    graph.check();
    return model;
  }

  private static float[] smoothing() {
    float[] weights = new float[3 * STRIDE * STRIDE];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = TAPS[i / STRIDE % STRIDE] * TAPS[i % STRIDE];
    }
    return weights;
  }

  private static float[] weights(Palette palette) {
    float[] weights = new float[3 * palette.size()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = channel(palette, i / 3, i % 3) / (SIGMA * SIGMA);
    }
    return weights;
  }

  private static float[] bias(Palette palette) {
    float[] bias = new float[palette.size()];
    for (int i = 0; i < 3 * bias.length; i++) {
      float c = channel(palette, i / 3, i % 3);
      bias[i / 3] -= c * c / (2 * SIGMA * SIGMA);
    }
    return bias;
  }

  private static int channel(Palette palette, int id, int channel) {
    return palette.colors().get(id) >> (16 - 8 * channel) & 0xff;
  }
}
