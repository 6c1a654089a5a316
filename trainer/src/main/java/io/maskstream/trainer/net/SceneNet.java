package io.maskstream.trainer.net;

import io.maskstream.onnx.OnnxDimension;
import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.onnx.OnnxType;
import io.maskstream.onnx.OnnxValue;
import io.maskstream.release.InputSize;
import io.maskstream.release.Palette;
import io.maskstream.release.ReleaseFile;
import io.maskstream.release.ReleaseMetadata;
import java.util.List;

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
    graph.add(OnnxTensor.ofFloats("scales", new long[] {4}, 1, 1, STRIDE, STRIDE));
    graph.add(OnnxTensor.ofFloats("full", new long[0], 255));

    node(graph, "Transpose", "planes", ReleaseFile.INPUT).set("perm", new long[] {0, 3, 1, 2});
    node(graph, "Cast", "pixels", "planes").set("to", OnnxType.FLOAT.number());
    node(graph, "Conv", "smooth", "pixels", "smooth.weight")
        .set("group", 3)
        .set("kernel_shape", new long[] {STRIDE, STRIDE})
        .set("strides", new long[] {STRIDE, STRIDE});
    node(graph, "Conv", "score", "smooth", "score.weight", "score.bias")
        .set("kernel_shape", new long[] {1, 1});
    node(graph, "Resize", "upscore", "score", "", "scales").set("mode", "linear");
    node(graph, "ArgMax", "winner", "upscore").set("axis", 1).set("keepdims", 0);
    node(graph, "Cast", ReleaseFile.CLASSES, "winner").set("to", OnnxType.UINT8.number());

    node(graph, "Softmax", "probability", "score").set("axis", 1);
    node(graph, "ReduceMax", "winning", "probability")
        .set("axes", new long[] {1})
        .set("keepdims", 0);
    node(graph, "Mul", "scaled", "winning", "full");
    node(graph, "Round", "rounded", "scaled");
    node(graph, "Cast", ReleaseFile.CONFIDENCE, "rounded").set("to", OnnxType.UINT8.number());

    graph.setInputs(
        new OnnxValue(
                ReleaseFile.INPUT,
                OnnxType.UINT8,
                List.of(free("N"), free("H"), free("W"), OnnxDimension.fixed(3)))
            .withDenotation("IMAGE"));
    graph.setOutputs(
        List.of(map(ReleaseFile.CLASSES, "h", "w"), map(ReleaseFile.CONFIDENCE, "hc", "wc")));
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

  private static OnnxNode node(OnnxGraph graph, String operator, String output, String... inputs) {
    OnnxNode node = new OnnxNode(operator, List.of(inputs), output);
    graph.append(node);
    return node;
  }

  private static OnnxValue map(String name, String height, String width) {
    return new OnnxValue(name, OnnxType.UINT8, List.of(free("N"), free(height), free(width)));
  }

  private static OnnxDimension free(String name) {
    return OnnxDimension.free(name);
  }
}
