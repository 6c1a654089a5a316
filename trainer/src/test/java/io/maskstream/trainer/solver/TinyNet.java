package io.maskstream.trainer.solver;

import io.maskstream.onnx.OnnxDimension;
import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.onnx.OnnxType;
import io.maskstream.onnx.OnnxValue;
import java.util.List;
import java.util.Random;

/// An FCN of three convolutions: stride 2, dropout, batch normalisation, bilinear upsampling.
public final class TinyNet {

  private static final int CHANNELS = 8;

  private TinyNet() {}

  /// For two runs that are to be alike.
  public static OnnxModel withoutDropout(int classes) {
    return build(classes, 0);
  }

  public static OnnxModel build(int classes) {
    return build(classes, 0.2f);
  }

  private static OnnxModel build(int classes, float dropout) {
    Random random = new Random(7);
    OnnxModel model = OnnxModel.create("tiny", 17);
    OnnxGraph graph = model.graph();
    graph.setInputs(
        new OnnxValue(
            "image",
            OnnxType.FLOAT,
            List.of(free("N"), OnnxDimension.fixed(3), free("H"), free("W"))));
    graph.add(OnnxTensor.ofFloats("mean", new long[] {1, 3, 1, 1}, 110, 110, 110));
    graph.add(OnnxTensor.ofFloats("std", new long[] {1, 3, 1, 1}, 60, 60, 60));
    graph.append(new OnnxNode("Sub", List.of("image", "mean"), "centred"));
    graph.append(new OnnxNode("Div", List.of("centred", "std"), "normal"));
    conv(graph, random, "conv1", "normal", 3, CHANNELS, 3, 2);
    for (String name : List.of("scale", "shift", "running_mean", "running_var")) {
      float[] values = new float[CHANNELS];
      java.util.Arrays.fill(values, name.equals("scale") || name.endsWith("var") ? 1 : 0);
      graph.add(OnnxTensor.ofFloats("bn." + name, new long[] {CHANNELS}, values));
    }
    graph.append(
        new OnnxNode(
            "BatchNormalization",
            List.of("conv1", "bn.scale", "bn.shift", "bn.running_mean", "bn.running_var"),
            "bn1"));
    graph.append(new OnnxNode("Relu", List.of("bn1"), "relu1"));
    conv(graph, random, "conv2", "relu1", CHANNELS, CHANNELS, 3, 1);
    graph.append(new OnnxNode("Relu", List.of("conv2"), "relu2"));
    graph.add(OnnxTensor.ofFloats("ratio", new long[0], dropout));
    graph.append(new OnnxNode("Dropout", List.of("relu2", "ratio"), "drop"));
    conv(graph, random, "score", "drop", CHANNELS, classes, 1, 1);
    graph.add(OnnxTensor.ofFloats("scales", new long[] {4}, 1, 1, 2, 2));
    graph.append(
        new OnnxNode("Resize", List.of("score", "", "scales"), "logits").set("mode", "linear"));
    graph.setOutputs(
        List.of(
            new OnnxValue(
                "logits",
                OnnxType.FLOAT,
                List.of(free("N"), OnnxDimension.fixed(classes), free("H"), free("W")))));
    graph.check();
    return model;
  }

  private static void conv(
      OnnxGraph graph,
      Random random,
      String name,
      String input,
      int from,
      int to,
      int kernel,
      int stride) {
    float[] weights = new float[to * from * kernel * kernel];
    double deviation = Math.sqrt(2.0 / (from * kernel * kernel));
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) (random.nextGaussian() * deviation);
    }
    graph.add(
        OnnxTensor.ofFloats(name + ".weight", new long[] {to, from, kernel, kernel}, weights));
    graph.add(OnnxTensor.ofFloats(name + ".bias", new long[] {to}, new float[to]));
    int pad = kernel / 2;
    graph.append(
        new OnnxNode("Conv", List.of(input, name + ".weight", name + ".bias"), name)
            .set("kernel_shape", new long[] {kernel, kernel})
            .set("pads", new long[] {pad, pad, pad, pad})
            .set("strides", new long[] {stride, stride}));
  }

  private static OnnxDimension free(String name) {
    return OnnxDimension.free(name);
  }
}
