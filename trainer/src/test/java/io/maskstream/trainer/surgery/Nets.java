package io.maskstream.trainer.surgery;

import io.maskstream.inference.OrtGraphRunner;
import io.maskstream.onnx.OnnxDimension;
import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxType;
import io.maskstream.onnx.OnnxValue;
import io.maskstream.release.GraphRunner.Running;
import io.maskstream.release.GraphRunner.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Small networks, written layer by layer, and their run in ONNX Runtime.
final class Nets {

  private final OnnxModel model;
  private final OnnxGraph graph;
  private final Wiring wiring;
  private final Random random = new Random(5);
  private String value = "data";
  private long channels = 3;

  private Nets(long opset, Object... shape) {
    model = OnnxModel.create("stand-in", opset);
    graph = model.graph();
    wiring = new Wiring(graph);
    List<OnnxDimension> sides = new ArrayList<>();
    for (Object side : shape) {
      sides.add(
          side instanceof Integer fixed
              ? OnnxDimension.fixed(fixed)
              : OnnxDimension.free((String) side));
    }
    graph.setInputs(new OnnxValue("data", OnnxType.FLOAT, sides));
  }

  static Nets of(Object... shape) {
    return new Nets(17, shape);
  }

  OnnxGraph graph() {
    return graph;
  }

  Wiring wiring() {
    return wiring;
  }

  String value() {
    return value;
  }

  long channels() {
    return channels;
  }

  /// The value that the next layer reads, and its channels.
  Nets at(String other, long itsChannels) {
    value = other;
    channels = itsChannels;
    return this;
  }

  /// A convolution with random weights and bias.
  Nets conv(long out, int kernel, int stride, long... pads) {
    int size = (int) (out * channels * kernel * kernel);
    float deviation = (float) Math.sqrt(2.0 / (channels * kernel * kernel));
    return conv(out, kernel, stride, noise(size, deviation), pads);
  }

  Nets conv(long out, int kernel, int stride, float[] weights, long... pads) {
    return conv(out, kernel, stride, 1, weights, pads);
  }

  /// A convolution in groups, with random weights and zeros around that keep the size.
  Nets grouped(long out, int kernel, int stride, int groups) {
    int each = (int) (channels / groups) * kernel * kernel;
    float[] weights = noise((int) out * each, (float) Math.sqrt(2.0 / each));
    return conv(out, kernel, stride, groups, weights, kernel / 2);
  }

  private Nets conv(long out, int kernel, int stride, int groups, float[] weights, long... pads) {
    String w = wiring.floats("w", new long[] {out, channels / groups, kernel, kernel}, weights);
    String b = wiring.floats("b", new long[] {out}, new float[(int) out]);
    OnnxNode node = wiring.node("Conv", "conv", value, w, b);
    node.set("group", groups);
    node.set("kernel_shape", new long[] {kernel, kernel});
    node.set("strides", new long[] {stride, stride});
    node.set("pads", pads.length == 1 ? new long[] {pads[0], pads[0], pads[0], pads[0]} : pads);
    return at(node.output(), out);
  }

  /// A batch norm with random statistics.
  Nets batchNorm() {
    long[] shape = {channels};
    float[] variance = noise((int) channels, 1);
    for (int i = 0; i < variance.length; i++) {
      variance[i] = 0.5f + Math.abs(variance[i]);
    }
    String[] inputs = {
      value,
      wiring.floats("scale", shape, noise((int) channels, 1)),
      wiring.floats("shift", shape, noise((int) channels, 1)),
      wiring.floats("mean", shape, noise((int) channels, 1)),
      wiring.floats("variance", shape, variance)
    };
    return at(wiring.value("BatchNormalization", "norm", inputs), channels);
  }

  Nets relu() {
    return node("Relu");
  }

  Nets node(String operator, String... more) {
    List<String> inputs = new ArrayList<>(List.of(value));
    inputs.addAll(List.of(more));
    return at(wiring.value(operator, operator, inputs.toArray(String[]::new)), channels);
  }

  Nets pool(String operator, int kernel, int stride, long... pads) {
    OnnxNode node = wiring.node(operator, "pool", value);
    node.set("kernel_shape", new long[] {kernel, kernel});
    node.set("strides", new long[] {stride, stride});
    if (pads.length > 0) {
      node.set("pads", pads);
    }
    return at(node.output(), channels);
  }

  /// Several values, one behind the other.
  Nets concat(long itsChannels, String... values) {
    return at(wiring.node("Concat", "concat", values).set("axis", 1).output(), itsChannels);
  }

  Nets flatten() {
    return at(wiring.node("Flatten", "flat", value).set("axis", 1).output(), channels);
  }

  /// A fully connected layer on so many values.
  Nets gemm(long in, long out, boolean transposed) {
    long[] shape = transposed ? new long[] {out, in} : new long[] {in, out};
    String w = wiring.floats("fc_w", shape, noise((int) (in * out), (float) Math.sqrt(2.0 / in)));
    String b = wiring.floats("fc_b", new long[] {out}, noise((int) out, 1));
    OnnxNode node = wiring.node("Gemm", "fc", value, w, b);
    return at(node.set("transB", transposed ? 1 : 0).output(), out);
  }

  float[] noise(int size, float deviation) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian() * deviation;
    }
    return values;
  }

  OnnxModel model(String... outputs) {
    List<OnnxValue> values = new ArrayList<>();
    for (String output : outputs) {
      values.add(OnnxValue.ofUnknownShape(output, OnnxType.FLOAT));
    }
    graph.setOutputs(
        values.isEmpty() ? List.of(OnnxValue.ofUnknownShape(value, OnnxType.FLOAT)) : values);
    return model;
  }

  /// One output of a model in ONNX Runtime.
  static Tensor.Floats run(OnnxModel model, String input, float[] values, long... shape) {
    return run(model, input, model.graph().outputs().getFirst().name(), values, shape);
  }

  static Tensor.Floats run(
      OnnxModel model, String input, String output, float[] values, long... shape) {
    try (Running running = new OrtGraphRunner().open(model.toBytes(), model.graph().name())) {
      return (Tensor.Floats) running.run(input, new Tensor.Floats(shape, values)).get(output);
    }
  }
}
