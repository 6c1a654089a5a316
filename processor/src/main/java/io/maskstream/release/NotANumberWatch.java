package io.maskstream.release;

import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxType;
import io.maskstream.onnx.OnnxValue;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A release whose scores are watched. NaN does not show in what a release gives: an argmax over
/// NaN is class 0, and a byte has no NaN. So a copy of the graph gets one more output, which counts
/// NaN where scores become bytes.
public final class NotANumberWatch {

  /// A single int32 or float: more than zero if there was NaN.
  public static final String OUTPUT = "not_a_number";

  private NotANumberWatch() {}

  /// @return bytes of the watched graph; nothing where no scores can be found
  public static Optional<byte[]> of(ReleaseFile release) {
    OnnxModel model = OnnxModel.read(release.graph(), release.toString());
    var graph = model.graph();
    Set<String> watched = new LinkedHashSet<>();
    for (OnnxNode node : graph.nodes()) {
      boolean choosing = node.operator().equals("ArgMax") || node.operator().equals("TopK");
      boolean rounding = node.outputs().contains(ReleaseFile.CONFIDENCE);
      if ((choosing || rounding) && graph.constant(node.input(0)).isEmpty()) {
        watched.add(node.input(0));
      }
    }
    watched.removeIf(value -> !isFloat(model, value));
    if (watched.isEmpty()) {
      return Optional.empty();
    }
    String seen = "";
    for (String value : watched) {
      String name = graph.freshName("nan_of_" + value);
      graph.append(new OnnxNode("IsNaN", List.of(value), name));
      graph.append(
          new OnnxNode("Cast", List.of(name), name + "_int").set("to", OnnxType.INT32.number()));
      graph.append(
          new OnnxNode("ReduceMax", List.of(name + "_int"), name + "_any").set("keepdims", 0));
      seen =
          seen.isEmpty()
              ? name + "_any"
              : graph.append(
                  new OnnxNode("Add", List.of(seen, name + "_any"), name + "_and_before"));
    }
    graph.append(new OnnxNode("Identity", List.of(seen), OUTPUT));
    graph.setOutputs(List.of(new OnnxValue(OUTPUT, OnnxType.INT32, List.of())));
    return Optional.of(model.toBytes());
  }

  /// Whether the value comes of arithmetic on floats, as far as its producer tells.
  private static boolean isFloat(OnnxModel model, String value) {
    return model
        .graph()
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
