package io.maskstream.trainer.surgery;

import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import java.util.List;

/// Appends nodes and constants to a graph under names that are free.
final class Wiring {

  private final OnnxGraph graph;

  Wiring(OnnxGraph graph) {
    this.graph = graph;
  }

  /// Appends a node with one output of about this name.
  OnnxNode node(String operator, String wish, String... inputs) {
    OnnxNode node = new OnnxNode(operator, List.of(inputs), graph.freshName(wish));
    graph.append(node);
    return node;
  }

  /// The same, for nodes without attributes.
  String value(String operator, String wish, String... inputs) {
    return node(operator, wish, inputs).output();
  }

  String floats(String wish, long[] shape, float... values) {
    return graph.add(OnnxTensor.ofFloats(graph.freshName(wish), shape, values));
  }

  String vector(String wish, long... values) {
    return graph.add(OnnxTensor.ofVector(graph.freshName(wish), values));
  }

  /// Height and width of a value, as two integers.
  String sides(String value) {
    String shape = value("Shape", value + "_shape", value);
    return value("Slice", value + "_sides", shape, vector("two", 2), vector("four", 4));
  }

  /// Cuts height and width out of a value.
  ///
  /// @param top first row that stays
  /// @param left first column that stays
  /// @param extent value with the two sides that stay
  String crop(String wish, String value, long top, long left, String extent) {
    String start = vector(wish + "_start", top, left);
    String end = value("Add", wish + "_end", extent, start);
    return value("Slice", wish, value, start, end, vector(wish + "_axes", 2, 3));
  }
}
