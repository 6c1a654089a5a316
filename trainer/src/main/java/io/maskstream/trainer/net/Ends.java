package io.maskstream.trainer.net;

import io.maskstream.onnx.OnnxDimension;
import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.onnx.OnnxType;
import io.maskstream.onnx.OnnxValue;
import io.maskstream.release.ReleaseFile;
import java.util.List;

/// Both ends of every release: frames become planes of floats, scores become classes and
/// confidence.
final class Ends {

  private Ends() {}

  /// The graph's input, uint8 N x H x W x 3.
  ///
  /// @return name of the value with the planes, float N x 3 x H x W, 0 to 255
  static String frames(OnnxGraph graph) {
    graph.setInputs(
        new OnnxValue(
                ReleaseFile.INPUT,
                OnnxType.UINT8,
                List.of(free("N"), free("H"), free("W"), OnnxDimension.fixed(3)))
            .withDenotation("IMAGE"));
    node(graph, "Transpose", "planes", ReleaseFile.INPUT).set("perm", new long[] {0, 3, 1, 2});
    node(graph, "Cast", "pixels", "planes").set("to", OnnxType.FLOAT.number());
    return "pixels";
  }

  /// The graph's outputs: bilinear upsampling and argmax, and the winning softmax of the score
  /// grid.
  ///
  /// @param score name of the value with the scores, float N x classes x h x w
  /// @param stride pixels from one score to the next
  static void classes(OnnxGraph graph, String score, int stride) {
    graph.add(OnnxTensor.ofFloats("scales", new long[] {4}, 1, 1, stride, stride));
    graph.add(OnnxTensor.ofFloats("full", new long[0], 255));
    node(graph, "Resize", "upscore", score, "", "scales").set("mode", "linear");
    node(graph, "ArgMax", "winner", "upscore").set("axis", 1).set("keepdims", 0);
    node(graph, "Cast", ReleaseFile.CLASSES, "winner").set("to", OnnxType.UINT8.number());

    node(graph, "Softmax", "probability", score).set("axis", 1);
    node(graph, "ReduceMax", "winning", "probability")
        .set("axes", new long[] {1})
        .set("keepdims", 0);
    node(graph, "Mul", "scaled", "winning", "full");
    node(graph, "Round", "rounded", "scaled");
    node(graph, "Cast", ReleaseFile.CONFIDENCE, "rounded").set("to", OnnxType.UINT8.number());
    graph.setOutputs(
        List.of(map(ReleaseFile.CLASSES, "h", "w"), map(ReleaseFile.CONFIDENCE, "hc", "wc")));
  }

  static OnnxNode node(OnnxGraph graph, String operator, String output, String... inputs) {
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
