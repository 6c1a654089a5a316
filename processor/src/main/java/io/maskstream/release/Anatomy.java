package io.maskstream.release;

import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.onnx.OnnxValue;
import java.util.Arrays;
import java.util.Optional;

/// What a segmentation graph ends in: read backwards from its output, through whatever only
/// renames, reorders or normalises, to the scores of the classes and to the grid on which they were
/// made before the final upsampling.
///
/// An upsampling whose result is cropped, as in FCNs that pad their picture, is no such step: its
/// grid reaches beyond the picture by parts of a cell, and the grid of the confidence has to cover
/// the picture exactly. There the grid is that of the scores themselves.
///
/// @param output the output that was read
/// @param map the output itself where it holds class ids, else nothing
/// @param scores the scores at the size of the class map; nothing where the graph gives ids only
/// @param grid the scores before the final upsampling, or the same as scores
record Anatomy(
    OnnxValue output, Optional<String> map, Optional<Scores> scores, Optional<Scores> grid) {

  /// Scores of the classes.
  ///
  /// @param value its name
  /// @param axis of the classes: 1 or 3
  /// @param probabilities whether they have been through a softmax over the classes
  record Scores(String value, int axis, boolean probabilities) {}

  private static final long[] TO_NHWC = {0, 2, 3, 1};
  private static final long[] TO_NCHW = {0, 3, 1, 2};

  /// @param shape of the output when the graph was run
  /// @param classesAxis where the output has its classes: 1 or 3; of no meaning for ids
  static Anatomy of(OnnxGraph graph, OnnxValue output, int classesAxis) {
    if (output.type().isFloat()) {
      return ofScores(graph, output, Optional.empty(), output.name(), classesAxis);
    }
    Optional<OnnxNode> argMax = argMaxBehind(graph, output.name());
    if (argMax.isEmpty()) {
      return new Anatomy(output, Optional.of(output.name()), Optional.empty(), Optional.empty());
    }
    long axis = argMax.get().integer("axis", 0);
    int classes = (int) (axis < 0 ? axis + 4 : axis);
    if (classes != 1 && classes != 3) {
      return new Anatomy(output, Optional.of(output.name()), Optional.empty(), Optional.empty());
    }
    return ofScores(graph, output, Optional.of(output.name()), argMax.get().input(0), classes);
  }

  private static Optional<OnnxNode> argMaxBehind(OnnxGraph graph, String value) {
    Optional<OnnxNode> node = graph.producer(value);
    while (node.isPresent()) {
      switch (node.get().operator()) {
        case "ArgMax" -> {
          return node;
        }
        case "Identity", "Cast", "Squeeze", "Unsqueeze" ->
            node = graph.producer(node.get().input(0));
        default -> {
          return Optional.empty();
        }
      }
    }
    return node;
  }

  private static Anatomy ofScores(
      OnnxGraph graph, OnnxValue output, Optional<String> map, String value, int axis) {
    Scores scores = behindSoftmax(graph, new Scores(value, axis, false));
    Scores grid = scores;
    Optional<OnnxNode> last = graph.producer(scores.value());
    if (last.isPresent() && isUpsampling(graph, last.get(), scores.axis())) {
      Scores before = behindRenames(graph, new Scores(last.get().input(0), scores.axis(), false));
      boolean softmax =
          graph.producer(before.value()).map(OnnxNode::operator).orElse("").equals("Softmax");
      grid = new Scores(before.value(), before.axis(), softmax);
      scores = new Scores(scores.value(), scores.axis(), softmax);
    }
    return new Anatomy(output, map, Optional.of(scores), Optional.of(grid));
  }

  /// A softmax keeps the order of the classes, so the class map needs none.
  private static Scores behindSoftmax(OnnxGraph graph, Scores scores) {
    Scores found = behindRenames(graph, scores);
    Optional<OnnxNode> node = graph.producer(found.value());
    while (node.isPresent()
        && (node.get().operator().equals("Softmax")
            || node.get().operator().equals("LogSoftmax"))) {
      found = behindRenames(graph, new Scores(node.get().input(0), found.axis(), false));
      node = graph.producer(found.value());
    }
    return found;
  }

  /// Goes back through nodes that only rename or reorder.
  private static Scores behindRenames(OnnxGraph graph, Scores scores) {
    Scores found = scores;
    Optional<OnnxNode> node = graph.producer(found.value());
    while (node.isPresent()) {
      OnnxNode last = node.get();
      if (last.operator().equals("Transpose")) {
        long[] order = last.integers("perm").orElse(new long[0]);
        boolean expected =
            Arrays.equals(order, TO_NHWC) && found.axis() == 3
                || Arrays.equals(order, TO_NCHW) && found.axis() == 1;
        if (!expected) {
          return found;
        }
        found = new Scores(last.input(0), (int) order[found.axis()], false);
      } else if (last.operator().equals("Identity")) {
        found = new Scores(last.input(0), found.axis(), false);
      } else {
        return found;
      }
      node = graph.producer(found.value());
    }
    return found;
  }

  private static boolean isUpsampling(OnnxGraph graph, OnnxNode node, int axis) {
    return switch (node.operator()) {
      case "Upsample", "Resize" -> true;
      case "ConvTranspose" -> axis == 1 && isPerClass(graph, node);
      default -> false;
    };
  }

  /// Whether a transposed convolution scales every class by itself, as the upscore layers of FCN
  /// do; one that mixes its channels makes scores and does not merely enlarge them.
  private static boolean isPerClass(OnnxGraph graph, OnnxNode node) {
    Optional<OnnxTensor> weights = graph.constant(node.input(1));
    if (weights.isEmpty() || node.hasInput(2)) {
      return false;
    }
    long[] shape = weights.get().shape();
    long groups = node.integer("group", 1);
    if (shape[1] * groups != shape[0]) {
      return false;
    }
    if (groups == shape[0]) {
      return true;
    }
    float[] values = weights.get().floats();
    int kernel = (int) (shape[2] * shape[3]);
    for (int i = 0; i < values.length; i++) {
      int from = (int) (i / kernel / shape[1]);
      int to = (int) (i / kernel % shape[1]);
      if (groups == 1 && from != to && values[i] != 0) {
        return false;
      }
    }
    return groups == 1;
  }
}
