package io.maskstream.trainer.surgery;

import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The values through which everything goes that the outputs depend on: none other is waiting to be
/// read when one of them has been made. The end of a residual block is one, its inside is not.
final class Waists {

  private Waists() {}

  /// @param input name of the picture
  /// @return the waists, in the order in which they are made
  static List<String> of(OnnxGraph graph, String input) {
    List<OnnxNode> nodes =
        graph.nodes().stream().filter(node -> !node.operator().equals("Shape")).toList();
    Map<String, Integer> readers = new HashMap<>();
    nodes.forEach(node -> node.reads().forEach(value -> readers.merge(value, 1, Integer::sum)));
    graph.outputs().forEach(output -> readers.merge(output.name(), 1, Integer::sum));

    Set<String> flowing = new HashSet<>(Set.of(input));
    Set<String> waiting = new LinkedHashSet<>(flowing);
    List<String> waists = new ArrayList<>();
    for (OnnxNode node : nodes) {
      boolean flows = node.reads().stream().anyMatch(flowing::contains);
      for (String value : node.reads()) {
        if (readers.merge(value, -1, Integer::sum) == 0) {
          waiting.remove(value);
        }
      }
      if (!flows) {
        continue;
      }
      for (String output : node.outputs()) {
        flowing.add(output);
        if (readers.getOrDefault(output, 0) > 0) {
          waiting.add(output);
        }
      }
      if (waiting.size() == 1 && waiting.contains(node.output())) {
        waists.add(node.output());
      }
    }
    return waists;
  }
}
