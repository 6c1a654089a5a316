package io.maskstream.trainer.surgery;

import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.onnx.OnnxValue;
import io.maskstream.trainer.graph.GraphException;
import io.maskstream.trainer.graph.Shapes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Where a segmentation network speaks of classes: from its score layers, which make channels into
/// classes, over whatever enlarges, adds and crops scores, to its output.
///
/// @param scores the value with the scores at the picture's size, N x classes x H x W, before any
///   softmax
/// @param classes that it tells apart
/// @param layers convolutions that make scores
/// @param upscores transposed convolutions that enlarge the scores of each class by themselves
/// @param biases additions of a number for each class
record Ending(
    String scores,
    int classes,
    Set<OnnxNode> layers,
    Set<OnnxNode> upscores,
    Set<OnnxNode> biases) {

  private static final long[] TO_NHWC = {0, 2, 3, 1};

  /// What may come after the scores and keeps their order, or only names the best.
  private static final Set<String> AFTER =
      Set.of("ArgMax", "Cast", "Identity", "LogSoftmax", "Sigmoid", "Softmax", "Squeeze");

  /// What treats every class by itself.
  private static final Set<String> CLASSWISE = Set.of("Identity", "Pad", "Resize", "Slice");

  /// Reads a network backwards from its output.
  ///
  /// @throws GraphException naming the node that cannot be followed
  static Ending of(OnnxGraph graph, Shapes shapes, OnnxValue output) {
    String scores = scores(graph, output.name());
    if (shapes.rank(scores) != 4) {
      throw new GraphException(
          "output "
              + output
              + " has no height and width; take a segmentation network, or make an FCN of the "
              + "classifier");
    }
    int classes = (int) shapes.of(scores)[1];
    Ending ending =
        new Ending(
            scores, classes, new LinkedHashSet<>(), new LinkedHashSet<>(), new LinkedHashSet<>());
    ending.follow(graph, scores);
    return ending;
  }

  private static String scores(OnnxGraph graph, String output) {
    String value = output;
    Optional<OnnxNode> node = graph.producer(value);
    while (node.isPresent()) {
      boolean turns =
          node.get().operator().equals("Transpose")
              && Arrays.equals(node.get().integers("perm").orElse(new long[0]), TO_NHWC);
      if (!turns && !AFTER.contains(node.get().operator())) {
        break;
      }
      value = node.get().input(0);
      node = graph.producer(value);
    }
    return value;
  }

  private void follow(OnnxGraph graph, String value) {
    OnnxNode node =
        graph
            .producer(value)
            .orElseThrow(() -> new GraphException("nothing makes the scores " + value));
    switch (node.operator()) {
      case "Conv" -> layers.add(node);
      case "ConvTranspose" -> {
        boolean alone = node.integer("group", 1) == classes && shapeOf(graph, node)[1] == 1;
        if (alone) {
          upscores.add(node);
          follow(graph, node.input(0));
        } else {
          layers.add(node);
        }
      }
      case "Add", "Sum" -> {
        List<String> made = new ArrayList<>();
        for (String input : node.inputs()) {
          if (graph.constant(input).isEmpty()) {
            made.add(input);
          }
        }
        if (made.size() < node.inputs().size()) {
          biases.add(node);
        }
        made.forEach(input -> follow(graph, input));
      }
      default -> {
        if (!CLASSWISE.contains(node.operator())) {
          throw new GraphException(
              "node "
                  + node
                  + " makes the scores, and it is no convolution; a network is wanted whose last "
                  + "layer is one");
        }
        follow(graph, node.input(0));
      }
    }
  }

  private static long[] shapeOf(OnnxGraph graph, OnnxNode node) {
    return weights(graph, node, 1).shape();
  }

  private static OnnxTensor weights(OnnxGraph graph, OnnxNode node, int input) {
    return graph
        .constant(node.input(input))
        .orElseThrow(() ->
            new GraphException(
                "node " + node + " has weights that are computed; export it with fixed weights"));
  }

  /// Makes the layers give other classes.
  ///
  /// @param mapping from old classes to new ones
  void retarget(OnnxGraph graph, ClassMapping mapping) {
    int wanted = mapping.sources().size();
    for (OnnxNode layer : layers) {
      boolean transposed = layer.operator().equals("ConvTranspose");
      if (layer.integer("group", 1) != 1) {
        throw new GraphException("node " + layer + " makes scores in groups; export it ungrouped");
      }
      replace(graph, layer, 1, transposed ? 1 : 0, mapping);
      if (layer.hasInput(2)) {
        replace(graph, layer, 2, 0, mapping);
      }
    }
    for (OnnxNode bias : biases) {
      for (int i = 0; i < bias.inputs().size(); i++) {
        Optional<OnnxTensor> constant = graph.constant(bias.input(i));
        if (constant.isPresent() && constant.get().size() == classes) {
          long[] shape = constant.get().shape();
          int axis = (int) Arrays.stream(shape).takeWhile(side -> side == 1).count();
          replace(graph, bias, i, axis, mapping);
        }
      }
    }
    // Every class is enlarged alike, as the mean of what the old ones were.
    List<Integer> all = new ArrayList<>();
    for (int id = 0; id < classes; id++) {
      all.add(id);
    }
    ClassMapping mean = new ClassMapping(Collections.nCopies(wanted, all));
    for (OnnxNode upscore : upscores) {
      replace(graph, upscore, 1, 0, mean);
      upscore.set("group", wanted);
    }
  }

  /// Puts new weights in the place of an input's, along the axis of the classes.
  private void replace(OnnxGraph graph, OnnxNode node, int input, int axis, ClassMapping mapping) {
    OnnxTensor old = weights(graph, node, input);
    long[] shape = old.shape();
    float[] values = old.floats();
    int outer = 1;
    for (int i = 0; i < axis; i++) {
      outer *= (int) shape[i];
    }
    int inner = values.length / outer / classes;
    float[][] rows = new float[classes][outer * inner];
    for (int i = 0; i < values.length; i++) {
      rows[i / inner % classes][i / inner / classes * inner + i % inner] = values[i];
    }
    float[][] mapped = mapping.apply(rows);
    float[] written = new float[outer * mapped.length * inner];
    for (int i = 0; i < written.length; i++) {
      written[i] = mapped[i / inner % mapped.length][i / inner / mapped.length * inner + i % inner];
    }
    shape[axis] = mapped.length;
    List<String> inputs = new ArrayList<>(node.inputs());
    inputs.set(
        input,
        graph.add(
            OnnxTensor.ofFloats(graph.freshName(node.input(input) + "_new"), shape, written)));
    node.setInputs(inputs);
  }
}
