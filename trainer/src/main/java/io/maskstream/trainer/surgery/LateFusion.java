package io.maskstream.trainer.surgery;

import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.trainer.graph.GraphException;
import io.maskstream.trainer.graph.Trainable;
import java.util.List;
import java.util.function.UnaryOperator;

/// Joins two trained networks of one build, one that sees colours and one that sees HHA: each score
/// layer's scores become the mean of both, then one goes on, as nyud-fcn32s-color-hha does.
public final class LateFusion {

  /// What names of the stream for HHA end with.
  public static final String SUFFIX = "_hha";

  private LateFusion() {}

  /// A trainable graph over pictures of six planes. The given ones are left as they were.
  ///
  /// @param colour trainable, over colours
  /// @param hha trainable, over HHA, whose mean it knows itself
  public static OnnxModel of(OnnxModel colour, OnnxModel hha) {
    OnnxModel model = colour.copy();
    OnnxGraph graph = model.graph();
    Wiring wiring = new Wiring(graph);
    List<String> scores =
        graph.nodes().stream().filter(LateFusion::scores).map(OnnxNode::output).toList();
    graft(graph, hha.copy().graph(), Modality.HHA.split(graph, wiring));
    String half = wiring.floats("half", new long[0], 0.5f);
    for (String score : scores) {
      if (graph.producer(score + SUFFIX).isEmpty()) {
        throw new GraphException(
            "only one of the networks has a score layer " + score + "; take two of one build");
      }
      String mean = graph.freshName(score + "_mean");
      graph.redirect(score, mean);
      String ours = wiring.value("Mul", score + "_half", score, half);
      String theirs = wiring.value("Mul", score + SUFFIX + "_half", score + SUFFIX, half);
      graph.append(new OnnxNode("Add", List.of(ours, theirs), mean));
    }
    graph.forgetShapes();
    graph.sort();
    graph.removeUnused();
    graph.check();
    return model;
  }

  private static void graft(OnnxGraph graph, OnnxGraph other, String planes) {
    UnaryOperator<String> renamed =
        name -> name.equals(Trainable.IMAGE) ? planes : name.isEmpty() ? "" : name + SUFFIX;
    for (OnnxTensor tensor : other.initializers()) {
      graph.add(tensor.withName(renamed.apply(tensor.name())));
    }
    for (OnnxNode node : other.nodes()) {
      node.setInputs(node.inputs().stream().map(renamed).toList());
      node.setOutputs(node.outputs().stream().map(renamed).toList());
      graph.append(node);
    }
  }

  private static boolean scores(OnnxNode node) {
    return node.operator().equals("Conv") && node.output().startsWith(Trainable.SCORE);
  }
}
