package io.maskstream.trainer.surgery;

import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.trainer.graph.Trainable;
import io.maskstream.trainer.surgery.RetargetOptions.Sizes;
import java.util.Arrays;
import java.util.List;

/// Brings a picture to a size that the network takes, and its scores back to the picture's.
final class Fitting {

  private final OnnxGraph graph;
  private final Front front;
  private final RetargetOptions options;
  private final long[] steps;
  private String fitted = "";

  /// @param steps pixels from one cell of the network's coarsest map to the next, down and across
  Fitting(OnnxGraph graph, Front front, RetargetOptions options, long[] steps) {
    this.graph = graph;
    this.front = front;
    this.options = options;
    this.steps = steps;
  }

  /// Adds the nodes that fit the picture.
  String fit(List<OnnxNode> nodes, String value) {
    if (options.sizes() == Sizes.OWN) {
      String own = vector("own_sides", front.height(), front.width());
      return resized(nodes, "picture_own", value, own);
    }
    String picture = value;
    if (options.enlarge() != 1) {
      float f = options.enlarge();
      String scales =
          graph.add(OnnxTensor.ofFloats(graph.freshName("enlarge"), new long[] {4}, 1, 1, f, f));
      OnnxNode larger = node(nodes, "Resize", "picture_enlarged", value, "", scales);
      larger.set("mode", "linear");
      picture = larger.output();
    }
    fitted = picture;
    return front.sized() ? padded(nodes, picture) : picture;
  }

  /// Sides that leave the remainder of the network's own, divided by its coarsest step, behave in
  /// it as its own do.
  private String padded(List<OnnxNode> nodes, String picture) {
    String remainder = vector("own_remainder", front.height() % steps[0], front.width() % steps[1]);
    String lack = node(nodes, "Sub", "picture_lack", remainder, sides(nodes, picture)).output();
    String rest = node(nodes, "Mod", "picture_rest", lack, vector("steps", steps)).output();
    OnnxNode pads = node(nodes, "Concat", "picture_pads", vector("none", new long[6]), rest);
    pads.set("axis", 0);
    return node(nodes, "Pad", "picture_padded", picture, pads.output()).output();
  }

  /// Adds the nodes that bring scores to the picture's size, as the output.
  ///
  /// @param scoreSides of the scores at the network's own size
  void finish(String scores, long[] scoreSides) {
    List<OnnxNode> nodes = new java.util.ArrayList<>();
    String value = scores;
    boolean full = Arrays.equals(scoreSides, new long[] {front.height(), front.width()});
    boolean crops = options.sizes() == Sizes.FREE && front.sized() && full;
    if (crops) {
      OnnxNode cropped =
          node(
              nodes,
              "Slice",
              "scores_cropped",
              value,
              vector("start", 0, 0),
              sides(nodes, fitted),
              vector("height_width", 2, 3));
      value = cropped.output();
    }
    if (!crops || options.enlarge() != 1) {
      value = resized(nodes, "scores_sized", value, sides(nodes, Trainable.IMAGE));
    }
    nodes.add(new OnnxNode("Identity", List.of(value), Trainable.LOGITS));
    nodes.forEach(graph::append);
  }

  private String resized(List<OnnxNode> nodes, String name, String value, String sides) {
    String shape = node(nodes, "Shape", name + "_shape", value).output();
    String batch =
        node(nodes, "Slice", name + "_batch", shape, vector("zero", 0), vector("two", 2)).output();
    OnnxNode sizes = node(nodes, "Concat", name + "_sizes", batch, sides);
    sizes.set("axis", 0);
    OnnxNode resize = node(nodes, "Resize", name, value, "", "", sizes.output());
    resize.set("mode", "linear");
    return resize.output();
  }

  private String sides(List<OnnxNode> nodes, String value) {
    String shape = node(nodes, "Shape", value + "_shape", value).output();
    return node(nodes, "Slice", value + "_sides", shape, vector("two", 2), vector("four", 4))
        .output();
  }

  private OnnxNode node(List<OnnxNode> nodes, String operator, String wish, String... inputs) {
    String name = graph.freshName(wish);
    for (int i = 1; isTaken(nodes, name); i++) {
      name = graph.freshName(wish + "_" + i);
    }
    OnnxNode node = new OnnxNode(operator, List.of(inputs), name);
    nodes.add(node);
    return node;
  }

  private static boolean isTaken(List<OnnxNode> nodes, String name) {
    return nodes.stream().anyMatch(node -> node.output().equals(name));
  }

  private String vector(String wish, long... values) {
    return graph.add(OnnxTensor.ofVector(graph.freshName(wish), values));
  }
}
