package io.maskstream.release;

import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.onnx.OnnxType;
import io.maskstream.onnx.OnnxValue;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A release whose scores are watched. NaN does not show in what a release gives: an argmax over
/// NaN is class 0, and a byte has no NaN. So a copy of the graph gets one more output, which tells
/// for every frame whether there was NaN where scores become bytes.
///
/// The sum of a frame's scores is NaN if one of them is, and reading them once is all it costs;
/// they are watched before they are enlarged.
public final class NotANumberWatch {

  /// uint8, one for each frame of the batch, or a single one where the batch is not free: 1 if
  /// there was NaN.
  public static final String OUTPUT = "not_a_number";

  private static final Set<String> SHAPING = Set.of("Resize", "Upsample", "Identity", "Transpose");

  private NotANumberWatch() {}

  /// @return bytes of the watched graph; nothing where no scores can be found
  public static Optional<byte[]> of(ReleaseFile release) {
    OnnxModel model = OnnxModel.read(release.graph(), release.toString());
    OnnxGraph graph = model.graph();
    Set<String> watched = new LinkedHashSet<>();
    for (OnnxNode node : graph.nodes()) {
      boolean choosing = node.operator().equals("ArgMax") || node.operator().equals("TopK");
      boolean rounding = node.outputs().contains(ReleaseFile.CONFIDENCE);
      if ((choosing || rounding) && graph.constant(node.input(0)).isEmpty()) {
        watched.add(beforeShaping(graph, node.input(0)));
      }
    }
    watched.removeIf(value -> !isFloat(graph, value));
    if (watched.isEmpty()) {
      return Optional.empty();
    }
    String last = graph.add(OnnxTensor.ofVector(graph.freshName("last_axis"), 1));
    String seen = "";
    for (String value : watched) {
      String name = graph.freshName("nan_of_" + value);
      // A row for each frame; without a free batch, one for all there is.
      graph.append(
          new OnnxNode("Flatten", List.of(value), name + "_rows")
              .set("axis", release.freeBatch() ? 1 : 0));
      graph.append(
          new OnnxNode("ReduceSum", List.of(name + "_rows", last), name + "_sum")
              .set("keepdims", 0));
      String own = graph.append(new OnnxNode("IsNaN", List.of(name + "_sum"), name));
      seen =
          seen.isEmpty()
              ? own
              : graph.append(new OnnxNode("Or", List.of(seen, own), name + "_or_before"));
    }
    graph.append(new OnnxNode("Cast", List.of(seen), OUTPUT).set("to", OnnxType.UINT8.number()));
    List<OnnxValue> outputs = new ArrayList<>(graph.outputs());
    outputs.add(OnnxValue.ofUnknownShape(OUTPUT, OnnxType.UINT8));
    graph.setOutputs(outputs);
    return Optional.of(model.toBytes());
  }

  /// What is only enlarged or turned on the way has NaN already.
  private static String beforeShaping(OnnxGraph graph, String value) {
    Optional<OnnxNode> producer =
        graph
            .producer(value)
            .filter(node -> SHAPING.contains(node.operator()))
            .filter(node ->
                !node.operator().equals("Transpose")
                    || node.integers("perm").filter(perm -> perm[0] == 0).isPresent())
            .filter(node -> graph.constant(node.input(0)).isEmpty());
    return producer.map(node -> beforeShaping(graph, node.input(0))).orElse(value);
  }

  /// Whether the value comes of arithmetic on floats, as far as its producer tells.
  private static boolean isFloat(OnnxGraph graph, String value) {
    return graph
        .producer(value)
        .map(node ->
            switch (node.operator()) {
              case "Cast" -> {
                long to = node.integer("to", 0);
                yield to == OnnxType.FLOAT.number() || to == OnnxType.FLOAT16.number();
              }
              case "Gather", "Shape", "Size", "ArgMax", "ArgMin", "QuantizeLinear" -> false;
              default -> true;
            })
        .orElse(false);
  }
}
