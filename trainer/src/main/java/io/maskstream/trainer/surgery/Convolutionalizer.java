package io.maskstream.trainer.surgery;

import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.trainer.graph.GraphException;
import io.maskstream.trainer.graph.Rearranging;
import io.maskstream.trainer.graph.Shapes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// Rewrites a classifier so that every value is a map again: what the classifier flattens stays a
/// map, and a fully connected layer that reads c x h x w flattened values becomes a convolution
/// with a window of h x w and the same weights (Shelhamer et al. 2016, section 4.1). Softmax at the
/// end is dropped.
final class Convolutionalizer {

  /// A flat value of the classifier, and the map that now stands for it.
  ///
  /// @param map the value with the map
  /// @param shape channels, height and width that were flattened
  /// @param channelsLast whether they were flattened in the order height, width, channels
  private record Flat(String map, long[] shape, boolean channelsLast) {

    long size() {
      return shape[0] * shape[1] * shape[2];
    }

    boolean isVector() {
      return shape[1] == 1 && shape[2] == 1;
    }

    Flat vector(String other, long channels) {
      return new Flat(other, new long[] {channels, 1, 1}, false);
    }
  }

  /// Operators that treat every element, or every channel, by itself.
  private static final Set<String> ELEMENTWISE =
      Set.of(
          "BatchNormalization",
          "Clip",
          "Dropout",
          "Elu",
          "Gelu",
          "HardSigmoid",
          "HardSwish",
          "LeakyRelu",
          "Relu",
          "Selu",
          "Sigmoid",
          "Softplus",
          "Tanh");

  private static final Set<String> RENAMING =
      Set.of("Identity", "Flatten", "Reshape", "Squeeze", "Unsqueeze", "Cast");

  private final OnnxGraph graph;
  private final Shapes shapes;
  private final Map<String, Flat> flats = new HashMap<>();
  private final List<OnnxNode> widened = new ArrayList<>();
  private final Set<String> flattened = new HashSet<>();

  private Convolutionalizer(OnnxGraph graph, Shapes shapes) {
    this.graph = graph;
    this.shapes = shapes;
  }

  /// What came out.
  ///
  /// @param logits the value with the scores of the classifier's own classes, before any softmax
  /// @param widened the convolutions of more than 1 x 1 that were fully connected
  /// @param flattened the values that were flattened
  record Result(String logits, List<OnnxNode> widened, Set<String> flattened) {}

  /// Rewrites the graph in its place.
  ///
  /// @param shapes of its values at the size of the classifier's own pictures
  /// @throws GraphException naming the node that stops it
  static Result apply(OnnxGraph graph, Shapes shapes) {
    Convolutionalizer rewriting = new Convolutionalizer(graph, shapes);
    for (OnnxNode node : List.copyOf(graph.nodes())) {
      rewriting.rewrite(node);
    }
    String output = graph.outputs().getFirst().name();
    Flat flat = rewriting.flats.get(output);
    String logits = rewriting.behindSoftmax(flat == null ? output : flat.map());
    return new Result(logits, rewriting.widened, rewriting.flattened);
  }

  private String behindSoftmax(String value) {
    Optional<OnnxNode> node = graph.producer(value);
    while (node.isPresent()
        && Set.of("Softmax", "LogSoftmax", "Identity").contains(node.get().operator())) {
      value = node.get().input(0);
      node = graph.producer(value);
    }
    return value;
  }

  private void rewrite(OnnxNode node) {
    if (node.operator().equals("Shape")) {
      return;
    }
    if (node.inputs().stream().anyMatch(flats::containsKey)) {
      rewriteFlat(node);
      return;
    }
    long[] from = node.inputs().isEmpty() ? new long[0] : shapes.of(node.input(0));
    if (from.length != 4 || graph.constant(node.input(0)).isPresent()) {
      return;
    }
    String operator = node.operator();
    long[] to = shapes.of(node.output());
    long[] sides = Arrays.copyOfRange(from, 1, 4);
    if (RENAMING.contains(operator)
        && isVector(to)
        && to[to.length - 1] == from[1] * from[2] * from[3]) {
      flatten(node, new Flat(node.input(0), sides, false));
    } else if (operator.equals("ReduceMean") && averages(node, 2, 3)) {
      node.setOperator("GlobalAveragePool");
      node.setInputs(List.of(node.input(0)));
      List.of("axes", "keepdims", "noop_with_empty_axes").forEach(node::removeAttribute);
      if (to.length == 2) {
        flats.put(node.output(), new Flat(node.output(), new long[] {from[1], 1, 1}, false));
      }
    } else if (operator.equals("Transpose") && leadsToFlat(node)) {
      flatten(node, new Flat(node.input(0), sides, true));
    }
  }

  private static boolean isVector(long[] shape) {
    return shape.length == 2 && shape[0] == 1 || shape.length == 1;
  }

  private boolean averages(OnnxNode node, long... over) {
    long[] axes = node.integers("axes").orElse(new long[0]);
    if (node.hasInput(1)) {
      axes = shapes.content(node.input(1)).orElse(axes);
    }
    long[] sorted = Arrays.stream(axes).map(axis -> axis < 0 ? axis + 4 : axis).sorted().toArray();
    return Arrays.equals(sorted, over);
  }

  private boolean leadsToFlat(OnnxNode node) {
    boolean channelsLast =
        Arrays.equals(node.integers("perm").orElse(new long[0]), new long[] {0, 2, 3, 1});
    return channelsLast
        && graph.consumers(node.output()).stream()
            .allMatch(reader ->
                RENAMING.contains(reader.operator()) && isVector(shapes.of(reader.output())));
  }

  private void flatten(OnnxNode node, Flat flat) {
    flattened.add(flat.map());
    flats.put(node.output(), flat);
    graph.remove(node);
  }

  private void rewriteFlat(OnnxNode node) {
    String first = node.inputs().stream().filter(flats::containsKey).findFirst().orElseThrow();
    Flat flat = Objects.requireNonNull(flats.get(first));
    switch (node.operator()) {
      case "Gemm" -> gemm(node, flat);
      case "MatMul" -> matMul(node, flat);
      case "Add", "Sub", "Mul", "Div" -> arithmetic(node, flat);
      case "Softmax", "LogSoftmax" -> {
        if (!onlyEnds(node)) {
          throw refused(node, "a softmax within the network");
        }
        flats.put(node.output(), flat);
        graph.remove(node);
      }
      default -> {
        if (RENAMING.contains(node.operator())) {
          rename(node, flat);
        } else if (ELEMENTWISE.contains(node.operator()) && node.input(0).equals(first)) {
          List<String> inputs = new ArrayList<>(node.inputs());
          inputs.set(0, flat.map());
          node.setInputs(inputs);
          flats.put(node.output(), new Flat(node.output(), flat.shape(), flat.channelsLast()));
        } else {
          throw refused(node, "this operator on a flattened map");
        }
      }
    }
  }

  /// Whether nothing but renaming comes behind.
  private boolean onlyEnds(OnnxNode node) {
    return graph.consumers(node.output()).stream()
        .allMatch(reader ->
            (RENAMING.contains(reader.operator()) || reader.operator().equals("Shape"))
                && onlyEnds(reader));
  }

  private void rename(OnnxNode node, Flat flat) {
    long[] to = shapes.of(node.output());
    boolean back = to.length == 4 && to[1] == flat.size() && to[2] == 1 && to[3] == 1;
    if (back && flat.isVector()) {
      node.setOperator("Identity");
      node.setInputs(List.of(flat.map()));
      node.attributeNames().forEach(node::removeAttribute);
    } else if (isVector(to) && to[to.length - 1] == flat.size()) {
      graph.remove(node);
      flats.put(node.output(), flat);
    } else {
      throw refused(node, "a flattened map given the shape " + Arrays.toString(to));
    }
  }

  private void gemm(OnnxNode node, Flat flat) {
    boolean plain = node.integer("transA", 0) == 0 && flats.containsKey(node.input(0));
    OnnxTensor weights = weights(node, 1);
    if (!plain) {
      throw refused(node, "a product with its factors turned");
    }
    if (node.integer("transB", 0) == 0) {
      weights = Rearranging.transposed(weights, 1, 0);
    }
    weights = scaled(weights, node.number("alpha", 1));
    List<String> inputs = new ArrayList<>(List.of(flat.map(), convolution(node, weights, flat)));
    if (node.hasInput(2)) {
      long outputs = weights.shape()[0];
      float[] given = scaled(weights(node, 2), node.number("beta", 1)).floats();
      float[] bias = new float[(int) outputs];
      for (int i = 0; i < bias.length; i++) {
        bias[i] = given[given.length == 1 ? 0 : i];
      }
      inputs.add(keep(node.input(2), OnnxTensor.ofFloats("", new long[] {outputs}, bias), node));
    }
    become(node, inputs, flat);
  }

  private void matMul(OnnxNode node, Flat flat) {
    if (!flats.containsKey(node.input(0)) || flats.containsKey(node.input(1))) {
      throw refused(node, "a product of flattened maps");
    }
    OnnxTensor weights = Rearranging.transposed(weights(node, 1), 1, 0);
    become(node, List.of(flat.map(), convolution(node, weights, flat)), flat);
  }

  private void become(OnnxNode node, List<String> inputs, Flat flat) {
    OnnxNode convolution = new OnnxNode("Conv", inputs, node.output());
    convolution.set("kernel_shape", new long[] {flat.shape()[1], flat.shape()[2]});
    graph.replace(node, List.of(convolution));
    if (!flat.isVector()) {
      widened.add(convolution);
    }
    long outputs = graph.constant(inputs.get(1)).orElseThrow().shape()[0];
    flats.put(node.output(), flat.vector(node.output(), outputs));
  }

  private OnnxTensor weights(OnnxNode node, int input) {
    return graph
        .constant(node.input(input))
        .orElseThrow(() -> refused(node, "weights " + node.input(input) + " that are computed"));
  }

  /// Weights out x (c h w) as the weights of a convolution, out x c x h x w.
  private String convolution(OnnxNode node, OnnxTensor weights, Flat flat) {
    long outputs = weights.shape()[0];
    long[] s = flat.shape();
    OnnxTensor shaped =
        flat.channelsLast()
            ? Rearranging.transposed(weights.withShape(outputs, s[1], s[2], s[0]), 0, 3, 1, 2)
            : weights.withShape(outputs, s[0], s[1], s[2]);
    return keep(node.input(1), shaped, node);
  }

  /// Puts a changed weight into the graph, under its own name where no other node reads it.
  private String keep(String name, OnnxTensor changed, OnnxNode reader) {
    boolean shared = graph.consumers(name).stream().anyMatch(other -> other != reader);
    return graph.add(changed.withName(shared ? graph.freshName(name) : name));
  }

  private static OnnxTensor scaled(OnnxTensor tensor, float factor) {
    if (factor == 1) {
      return tensor;
    }
    float[] values = tensor.floats();
    for (int i = 0; i < values.length; i++) {
      values[i] *= factor;
    }
    return OnnxTensor.ofFloats(tensor.name(), tensor.shape(), values);
  }

  /// A constant on either side is one number, or one for each element.
  private void arithmetic(OnnxNode node, Flat flat) {
    List<String> inputs = new ArrayList<>();
    for (String input : node.inputs()) {
      Flat other = flats.get(input);
      if (other != null) {
        if (!Arrays.equals(other.shape(), flat.shape())
            || other.channelsLast() != flat.channelsLast()) {
          throw refused(node, "maps that were flattened differently");
        }
        inputs.add(other.map());
        continue;
      }
      OnnxTensor constant =
          graph.constant(input).orElseThrow(() -> refused(node, "a map that is not flat"));
      if (constant.size() == 1) {
        inputs.add(keep(input, constant.withShape(), node));
      } else if (constant.size() == flat.size() && flat.isVector()) {
        inputs.add(keep(input, constant.withShape(flat.size(), 1, 1), node));
      } else {
        throw refused(node, "a constant for each pixel, " + constant);
      }
    }
    node.setInputs(inputs);
    flats.put(node.output(), new Flat(node.output(), flat.shape(), flat.channelsLast()));
  }

  private static GraphException refused(OnnxNode node, String what) {
    return new GraphException(
        "node "
            + node
            + " cannot become a convolution: "
            + what
            + "; cut the tail off, or take a classifier that ends in pooling and fully connected "
            + "layers");
  }
}
