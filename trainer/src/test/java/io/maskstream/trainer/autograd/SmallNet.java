package io.maskstream.trainer.autograd;

import io.maskstream.onnx.OnnxDimension;
import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.onnx.OnnxType;
import io.maskstream.onnx.OnnxValue;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// A trainable graph with a bit of everything: normalisation, batch norm, dropout, a residual, an
/// auxiliary head, transposed convolution, and sizes computed from the picture's.
final class SmallNet {

  static final int CLASSES = 4;
  static final String AUXILIARY = "auxiliary";

  private final OnnxModel model = OnnxModel.create("small", 17);
  private final OnnxGraph graph = model.graph();
  private final Random random = new Random(11);

  private SmallNet() {}

  static OnnxModel build() {
    return new SmallNet().net();
  }

  private OnnxModel net() {
    graph.setInputs(picture(TorchGraph.IMAGE, 3));
    graph.add(OnnxTensor.ofFloats("mean", new long[] {1, 3, 1, 1}, 120, 115, 105));
    graph.add(OnnxTensor.ofFloats("std", new long[] {1, 3, 1, 1}, 60, 58, 57));
    node("Sub", "centred", TorchGraph.IMAGE, "mean");
    node("Div", "normal", "centred", "std");
    conv("conv1", "normal", 3, 8, 2);
    batchNorm("bn1", "conv1", 8);
    node("Relu", "relu1", "bn1");
    conv("conv2", "relu1", 8, 8, 1);
    node("Add", "sum", "conv2", "relu1");
    node("Relu", "relu2", "sum");
    graph.add(OnnxTensor.ofFloats("ratio", new long[0], 0.3f));
    node("Dropout", "dropped", "relu2", "ratio");
    conv("score", "dropped", 8, CLASSES, 1);
    weight("up.weight", CLASSES, 1, 4, 4);
    node("ConvTranspose", "up", "score", "up.weight").set("strides", 2, 2).set("group", CLASSES);
    graph.add(OnnxTensor.ofVector("one", 1));
    graph.add(OnnxTensor.ofVector("axes", 2, 3));
    graph.add(OnnxTensor.ofVector("ones", 1, 1));
    node("Shape", "size", TorchGraph.IMAGE).set("start", 2);
    node("Add", "ends", "size", "one");
    node("Slice", TorchGraph.LOGITS, "up", "ones", "ends", "axes");
    conv("aux", "relu1", 8, CLASSES, 1);
    graph.add(OnnxTensor.ofFloats("scales", new long[] {4}, 1, 1, 2, 2));
    node("Resize", AUXILIARY, "aux", "", "scales").set("mode", "linear");
    graph.setOutputs(List.of(picture(TorchGraph.LOGITS, CLASSES), picture(AUXILIARY, CLASSES)));
    graph.check();
    return model;
  }

  private static OnnxValue picture(String name, int channels) {
    boolean image = name.equals(TorchGraph.IMAGE);
    return new OnnxValue(
        name,
        OnnxType.FLOAT,
        List.of(
            OnnxDimension.free("N"),
            OnnxDimension.fixed(channels),
            OnnxDimension.free(image ? "H" : name + "_h"),
            OnnxDimension.free(image ? "W" : name + "_w")));
  }

  private OnnxNode node(String operator, String output, String... inputs) {
    OnnxNode node = new OnnxNode(operator, List.of(inputs), output);
    graph.append(node);
    return node;
  }

  private void conv(String name, String input, int from, int to, int stride) {
    weight(name + ".weight", to, from, 3, 3);
    graph.add(OnnxTensor.ofFloats(name + ".bias", new long[] {to}, new float[to]));
    node("Conv", name, input, name + ".weight", name + ".bias")
        .set("pads", 1, 1, 1, 1)
        .set("strides", stride, stride);
  }

  private void batchNorm(String name, String input, int channels) {
    for (String part : List.of("scale", "shift", "mean", "var")) {
      float[] values = new float[channels];
      Arrays.fill(values, part.equals("scale") || part.equals("var") ? 1 : 0);
      graph.add(OnnxTensor.ofFloats(name + "." + part, new long[] {channels}, values));
    }
    node(
            "BatchNormalization",
            name,
            input,
            name + ".scale",
            name + ".shift",
            name + ".mean",
            name + ".var")
        .set("momentum", 0.9f);
  }

  private void weight(String name, long... shape) {
    float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    double deviation = Math.sqrt(2.0 * shape[0] / values.length);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (random.nextGaussian() * deviation);
    }
    graph.add(OnnxTensor.ofFloats(name, shape, values));
  }
}
