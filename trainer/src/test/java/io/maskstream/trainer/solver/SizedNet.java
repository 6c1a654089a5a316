package io.maskstream.trainer.solver;

import io.maskstream.onnx.OnnxDimension;
import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.onnx.OnnxType;
import io.maskstream.onnx.OnnxValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/// A net of random weights at stride 4 whose outputs have the size of any picture; its padding and
/// its receptive field make what it says of a pixel depend on the window that it is seen in.
public final class SizedNet {

  private static final int CHANNELS = 12;

  private SizedNet() {}

  /// @param planes of its input
  /// @param heads how many classes each output has
  /// @param coordinates ONNX's mode of the last Resize
  public static OnnxModel build(int planes, Map<String, Integer> heads, String coordinates) {
    Random random = new Random(11);
    OnnxModel model = OnnxModel.create("sized", 17);
    OnnxGraph graph = model.graph();
    graph.setInputs(new OnnxValue("image", OnnxType.FLOAT, shape(planes)));
    graph.add(OnnxTensor.ofFloats("mean", new long[] {1, 1, 1, 1}, 110));
    graph.add(OnnxTensor.ofFloats("std", new long[] {1, 1, 1, 1}, 60));
    graph.append(new OnnxNode("Sub", List.of("image", "mean"), "centred"));
    graph.append(new OnnxNode("Div", List.of("centred", "std"), "normal"));
    graph.append(new OnnxNode("Shape", List.of("image"), "side").set("start", 2));
    conv(graph, random, "conv1", "normal", planes, CHANNELS);
    graph.append(new OnnxNode("Relu", List.of("conv1"), "relu1"));
    conv(graph, random, "conv2", "relu1", CHANNELS, CHANNELS);
    graph.append(new OnnxNode("Relu", List.of("conv2"), "relu2"));
    List<OnnxValue> outputs = new ArrayList<>();
    new TreeMap<>(heads)
        .forEach((name, classes) -> {
          String score = "score." + name;
          weights(graph, random, score, CHANNELS, classes, 1);
          graph.append(
              new OnnxNode("Conv", List.of("relu2", score + ".weight", score + ".bias"), score)
                  .set("kernel_shape", new long[] {1, 1}));
          graph.append(new OnnxNode("Shape", List.of(score), name + ".first").set("end", 2));
          graph.append(
              new OnnxNode("Concat", List.of(name + ".first", "side"), name + ".shape")
                  .set("axis", 0));
          graph.append(
              new OnnxNode("Resize", List.of(score, "", "", name + ".shape"), name)
                  .set("mode", "linear")
                  .set("coordinate_transformation_mode", coordinates));
          outputs.add(new OnnxValue(name, OnnxType.FLOAT, shape(classes)));
        });
    graph.setOutputs(outputs);
    graph.check();
    return model;
  }

  private static void conv(
      OnnxGraph graph, Random random, String name, String input, int from, int to) {
    weights(graph, random, name, from, to, 3);
    graph.append(
        new OnnxNode("Conv", List.of(input, name + ".weight", name + ".bias"), name)
            .set("kernel_shape", new long[] {3, 3})
            .set("pads", new long[] {1, 1, 1, 1})
            .set("strides", new long[] {2, 2}));
  }

  private static void weights(
      OnnxGraph graph, Random random, String name, int from, int to, int kernel) {
    float[] weights = new float[to * from * kernel * kernel];
    double deviation = Math.sqrt(2.0 / (from * kernel * kernel));
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) (random.nextGaussian() * deviation);
    }
    graph.add(
        OnnxTensor.ofFloats(name + ".weight", new long[] {to, from, kernel, kernel}, weights));
    graph.add(OnnxTensor.ofFloats(name + ".bias", new long[] {to}, new float[to]));
  }

  private static List<OnnxDimension> shape(int planes) {
    return List.of(
        OnnxDimension.free("N"),
        OnnxDimension.fixed(planes),
        OnnxDimension.free("H"),
        OnnxDimension.free("W"));
  }
}
