package io.maskstream.trainer.net;

import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.trainer.graph.Shapes;
import io.maskstream.trainer.graph.Trainable;
import io.maskstream.video.Size;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What a network costs.
///
/// Upscoring by fixed bilinear weights is left out, as in the published counts.
///
/// @param parameters of convolutions, fully connected layers and batch norms
/// @param auxiliary further ones, of what is there for training only
/// @param macs multiplications of convolutions and fully connected layers for one picture, without
///   what is there for training only
public record Cost(long parameters, long auxiliary, long macs) {

  private static final Set<String> LAYERS =
      Set.of("BatchNormalization", "Conv", "ConvTranspose", "Gemm");

  /// Counts; needs the graph's shapes alone.
  ///
  /// @param size of the picture
  public static Cost of(OnnxModel model, Size size) {
    OnnxGraph graph = model.copy().graph();
    long all = parameters(graph);
    graph.setOutputs(
        graph.outputs().stream()
            .filter(output -> !output.name().equals(Trainable.AUXILIARY))
            .toList());
    graph.removeUnused();
    long serving = parameters(graph);
    return new Cost(serving, all - serving, macs(graph, size));
  }

  private static List<OnnxNode> layers(OnnxGraph graph) {
    return graph.nodes().stream()
        .filter(node ->
            LAYERS.contains(node.operator()) && !node.output().startsWith(Trainable.UPSCORE))
        .toList();
  }

  private static long parameters(OnnxGraph graph) {
    Set<String> learned = new HashSet<>();
    layers(graph).forEach(node -> learned.addAll(List.of(node.input(1), node.input(2))));
    return graph.initializers().stream()
        .filter(constant -> learned.contains(constant.name()))
        .mapToLong(OnnxTensor::size)
        .sum();
  }

  private static long macs(OnnxGraph graph, Size size) {
    long planes = graph.inputs().getFirst().shape().get(1).size();
    long[] picture = {1, planes, size.height(), size.width()};
    Shapes shapes = Shapes.of(graph, Map.of(Trainable.IMAGE, picture));
    long macs = 0;
    for (OnnxNode node : layers(graph)) {
      macs +=
          switch (node.operator()) {
            case "Conv" -> cells(shapes, node.output()) * filter(shapes, node);
            case "ConvTranspose" -> cells(shapes, node.input(0)) * filter(shapes, node);
            case "Gemm" -> cells(shapes, node.output()) * shapes.of(node.input(0))[1];
            default -> 0;
          };
    }
    return macs;
  }

  private static long cells(Shapes shapes, String value) {
    long cells = 1;
    for (long side : shapes.of(value)) {
      cells *= side;
    }
    return cells;
  }

  /// Weights of one filter.
  private static long filter(Shapes shapes, OnnxNode node) {
    long[] weight = shapes.of(node.input(1));
    return weight[1] * weight[2] * weight[3];
  }
}
