package io.maskstream.trainer.surgery;

import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import java.util.List;

/// Appends nodes and constants to a graph under names that are free. Whoever is done sorts the
/// graph, since nodes before them may read what they make.
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

  /// The same, for a node without attributes.
  String value(String operator, String wish, String... inputs) {
    return node(operator, wish, inputs).output();
  }

  String floats(String wish, long[] shape, float... values) {
    return graph.add(OnnxTensor.ofFloats(graph.freshName(wish), shape, values));
  }

  String vector(String wish, long... values) {
    return graph.add(OnnxTensor.ofVector(graph.freshName(wish), values));
  }

  /// Two vectors, one after the other.
  String joined(String wish, String first, String second) {
    return node("Concat", wish, first, second).set("axis", 0).output();
  }

  /// Some sides of a value.
  ///
  /// @param from first axis
  /// @param to the axis after the last
  String sides(String value, int from, int to) {
    String shape = value("Shape", value + "_shape", value);
    return value(
        "Slice", value + "_sides", shape, vector("axis_" + from, from), vector("axis_" + to, to));
  }

  /// Height and width of a value N x C x H x W.
  String sides(String value) {
    return sides(value, 2, 4);
  }

  /// Cuts height and width out of a value.
  ///
  /// @param top first row that stays
  /// @param left first column that stays
  /// @param extent value with the two sides that stay
  String crop(String wish, String value, long top, long left, String extent) {
    String start = vector(wish + "_start", top, left);
    String end = top + left == 0 ? extent : value("Add", wish + "_end", extent, start);
    return value("Slice", wish, value, start, end, vector(wish + "_axes", 2, 3));
  }

  /// Resizes bilinearly; by the centres of pixels, if the caller says nothing else.
  ///
  /// @param sides value with height and width
  OnnxNode resize(String wish, String value, String sides) {
    String sizes = joined(wish + "_sizes", sides(value, 0, 2), sides);
    return node("Resize", wish, value, "", "", sizes).set("mode", "linear");
  }

  /// Puts as many zeros behind a picture as bring its sides to what they are to leave when they are
  /// divided by the steps.
  ///
  /// @param remainders down and across
  String fitted(String picture, long[] remainders, long[] steps) {
    String wanted = vector("picture_remainder", remainders);
    String lack = value("Sub", "picture_lack", wanted, sides(picture));
    String rest = value("Mod", "picture_rest", lack, vector("steps", steps));
    String pads = joined("picture_pads", vector("none", new long[6]), rest);
    return value("Pad", "picture_padded", picture, pads);
  }
}
