package io.maskstream.trainer.autograd;

import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The nodes that some outputs need, in order, and after each the values that nobody reads again.
///
/// @param reads every value that is read
record Schedule(List<Step> steps, Set<String> reads) {

  /// @param dying names of values that this node was the last to need
  record Step(OnnxNode node, List<String> dying) {}

  static Schedule of(OnnxGraph graph, Set<String> outputs) {
    for (String output : outputs) {
      if (graph.outputs().stream().noneMatch(value -> value.name().equals(output))) {
        throw new IllegalArgumentException(
            "graph " + graph.name() + " has no output " + output + ", but " + graph.outputs());
      }
    }
    // From the end: the first reader met is the last to run.
    Set<String> needed = new LinkedHashSet<>(outputs);
    Set<String> alive = new HashSet<>(outputs);
    Deque<Step> steps = new ArrayDeque<>();
    for (OnnxNode node : graph.nodes().reversed()) {
      if (node.outputs().stream().anyMatch(needed::contains)) {
        Set<String> dying = new LinkedHashSet<>(node.reads());
        dying.addAll(node.outputs());
        dying.removeAll(alive);
        dying.remove("");
        alive.addAll(dying);
        needed.addAll(node.reads());
        steps.addFirst(new Step(node, List.copyOf(dying)));
      }
    }
    return new Schedule(new ArrayList<>(steps), needed);
  }
}
