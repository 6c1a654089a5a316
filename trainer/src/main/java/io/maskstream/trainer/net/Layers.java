package io.maskstream.trainer.net;

import io.maskstream.onnx.OnnxDimension;
import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.onnx.OnnxType;
import io.maskstream.onnx.OnnxValue;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/// Writes a network layer by layer, with random weights: uniform, with the deviation that keeps the
/// scale of what goes through (He et al. 2015, equation 10). Every layer is named, and so is what
/// it gives.
final class Layers {

  private static final int OPSET = 17;

  private final OnnxModel model;
  private final OnnxGraph graph;
  private final SplittableRandom random = new SplittableRandom(1337);

  /// A graph with one input, float N x 3 x H x W.
  ///
  /// @param size of its sides, 0 for any
  Layers(String name, String input, long size) {
    model = OnnxModel.create(name, OPSET);
    graph = model.graph();
    graph.setInputs(pictures(input, 3, size == 0 ? -1 : size, "H", "W"));
  }

  /// Each colour less its mean, over its deviation, as torchvision's networks have it.
  String normalised(String value) {
    node("Sub", "centred", value, floats("mean", new long[] {1, 3, 1, 1}, MEAN));
    return node("Div", "normalised", "centred", floats("std", new long[] {1, 3, 1, 1}, STD))
        .output();
  }

  private static final float[] MEAN = {123.675f, 116.28f, 103.53f};
  private static final float[] STD = {58.395f, 57.12f, 57.375f};

  /// Convolution with a bias, padded so that it keeps the size but for its stride.
  String conv(String name, String value, int from, int to, int kernel, int stride, int dilation) {
    return convolution(name, value, from, to, kernel, stride, dilation, true);
  }

  /// Convolution without bias, and batch norm.
  String convNorm(
      String name, String value, int from, int to, int kernel, int stride, int dilation) {
    convolution(name, value, from, to, kernel, stride, dilation, false);
    String[] inputs = {name, "", "", "", ""};
    String[] parts = {"scale", "shift", "mean", "var"};
    for (int i = 0; i < parts.length; i++) {
      float[] values = new float[to];
      Arrays.fill(values, i % 3 == 0 ? 1 : 0);
      inputs[i + 1] = floats(name + ".bn." + parts[i], new long[] {to}, values);
    }
    return node("BatchNormalization", name + ".bn", inputs).output();
  }

  String convNormRelu(
      String name, String value, int from, int to, int kernel, int stride, int dilation) {
    return relu(convNorm(name, value, from, to, kernel, stride, dilation));
  }

  private String convolution(
      String name,
      String value,
      int from,
      int to,
      int kernel,
      int stride,
      int dilation,
      boolean bias) {
    long pad = (long) dilation * (kernel - 1) / 2;
    String weight = weight(name + ".weight", to, from, kernel, kernel);
    OnnxNode conv =
        bias
            ? node(
                "Conv", name, value, weight, floats(name + ".bias", new long[] {to}, new float[to]))
            : node("Conv", name, value, weight);
    conv.set("kernel_shape", kernel, kernel)
        .set("strides", stride, stride)
        .set("dilations", dilation, dilation)
        .set("pads", pad, pad, pad, pad);
    return name;
  }

  String fullyConnected(String name, String value, int from, int to) {
    String weight = weight(name + ".weight", to, from);
    String bias = floats(name + ".bias", new long[] {to}, new float[to]);
    return node("Gemm", name, value, weight, bias).set("transB", 1).output();
  }

  String relu(String value) {
    return node("Relu", value + ".relu", value).output();
  }

  String dropout(String value, float ratio) {
    return node("Dropout", value + ".dropout", value, floats(value + ".ratio", new long[0], ratio))
        .output();
  }

  String maxPool(String name, String value, int kernel, int stride, int pad) {
    return node("MaxPool", name, value)
        .set("kernel_shape", kernel, kernel)
        .set("strides", stride, stride)
        .set("pads", pad, pad, pad, pad)
        .output();
  }

  /// Bilinear, to the sides of another value.
  String resizedTo(String name, String value, int channels, String like) {
    graph.add(OnnxTensor.ofVector(name + ".channels", channels));
    node("Shape", name + ".pictures", like).set("start", 0).set("end", 1);
    node("Shape", name + ".sides", like).set("start", 2);
    node("Concat", name + ".sizes", name + ".pictures", name + ".channels", name + ".sides")
        .set("axis", 0);
    return node("Resize", name, value, "", "", name + ".sizes").set("mode", "linear").output();
  }

  OnnxNode node(String operator, String output, String... inputs) {
    OnnxNode node = new OnnxNode(operator, List.of(inputs), output);
    graph.append(node);
    return node;
  }

  private String weight(String name, int... shape) {
    long[] sides = Arrays.stream(shape).asLongStream().toArray();
    int count = Math.toIntExact(Arrays.stream(sides).reduce(1, Math::multiplyExact));
    // Uniform numbers up to b deviate by b / sqrt(3); VGG has too many to draw normal ones.
    float bound = (float) Math.sqrt(3 * 2.0 * shape[0] / count);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = bound * (2 * (float) random.nextDouble() - 1);
    }
    return floats(name, sides, values);
  }

  private String floats(String name, long[] shape, float... values) {
    return graph.add(OnnxTensor.ofFloats(name, shape, values));
  }

  static OnnxValue pictures(String name, long channels, long size, String height, String width) {
    return new OnnxValue(
        name,
        OnnxType.FLOAT,
        List.of(
            OnnxDimension.free("N"),
            OnnxDimension.fixed(channels),
            side(size, height),
            side(size, width)));
  }

  private static OnnxDimension side(long size, String name) {
    return size < 0 ? OnnxDimension.free(name) : OnnxDimension.fixed(size);
  }

  /// The graph with these outputs.
  OnnxModel model(OnnxValue... outputs) {
    graph.setOutputs(List.of(outputs));
    graph.check();
    return model;
  }
}
