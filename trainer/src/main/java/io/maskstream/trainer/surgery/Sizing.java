package io.maskstream.trainer.surgery;

import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.trainer.graph.GraphException;
import io.maskstream.trainer.graph.Shapes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Frees a graph from one size of picture and one picture a batch, as far as constants hold it to
/// that: sizes of a Resize, shapes of a Reshape, repeats of a Tile, windows over everything.
///
/// What was resized to fixed sides is resized to the sides of what it is joined with, or of the
/// picture.
final class Sizing {

  private static final Set<String> JOINING =
      Set.of("Add", "Concat", "Div", "Max", "Mean", "Min", "Mul", "Sub", "Sum");

  private final OnnxGraph graph;
  private final Shapes shapes;
  private final String picture;

  private Sizing(OnnxGraph graph, Shapes shapes, String picture) {
    this.graph = graph;
    this.shapes = shapes;
    this.picture = picture;
  }

  /// Frees a graph in its place.
  ///
  /// @param shapes of its values at the size to which it is held
  /// @param picture the value with the picture
  /// @throws GraphException naming the node that cannot be freed
  static void free(OnnxGraph graph, Shapes shapes, String picture) {
    Sizing sizing = new Sizing(graph, shapes, picture);
    for (OnnxNode node : List.copyOf(graph.nodes())) {
      sizing.free(node);
    }
    graph.forgetShapes();
    graph.removeUnused();
    graph.sort();
  }

  private void free(OnnxNode node) {
    switch (node.operator()) {
      case "Reshape" -> reshape(node);
      case "Resize", "Tile", "Expand" -> enlarge(node);
      case "AveragePool", "MaxPool" -> pool(node);
      default -> {}
    }
  }

  private long[] sides(String value) {
    long[] shape = shapes.of(value);
    return Arrays.copyOfRange(shape, shape.length - 2, shape.length);
  }

  private void reshape(OnnxNode node) {
    long[] from = shapes.of(node.input(0));
    long[] to = shapes.of(node.output());
    Optional<OnnxTensor> constant = graph.constant(node.input(1));
    if (constant.isEmpty() || from.length < 2 || node.integer("allowzero", 0) != 0) {
      return;
    }
    String name = node.output();
    long[] wanted = constant.get().longs();
    boolean keepsSides =
        from.length > 2 && to.length > 2 && Arrays.equals(sides(node.input(0)), sides(name));
    if (keepsSides) {
      long[] leading = Arrays.copyOf(wanted, wanted.length - 2);
      if (leading[0] == from[0]) {
        leading[0] = 0;
      }
      List<OnnxNode> nodes = new ArrayList<>();
      String shape = before(nodes, "Shape", name + "_shape", node.input(0)).output();
      OnnxNode last =
          before(
              nodes,
              "Slice",
              name + "_kept",
              shape,
              vector(name + "_from", from.length - 2),
              vector(name + "_to", from.length));
      OnnxNode target =
          before(
              nodes, "Concat", name + "_target", vector(name + "_leading", leading), last.output());
      target.set("axis", 0);
      nodes.forEach(added -> graph.insertBefore(node, added));
      node.setInputs(List.of(node.input(0), target.output()));
    } else if (wanted.length > 1 && wanted[0] == 1 && from[0] == 1) {
      wanted[0] = 0;
      node.setInputs(List.of(node.input(0), vector(name + "_target", wanted)));
    }
  }

  /// A window over everything is a global pool.
  private void pool(OnnxNode node) {
    long[] kernel = node.integers("kernel_shape").orElseThrow();
    boolean padded =
        Arrays.stream(node.integers("pads").orElse(new long[0])).anyMatch(pad -> pad != 0);
    boolean whole = Arrays.equals(kernel, sides(node.input(0))) && !padded;
    if (whole && Arrays.stream(kernel).anyMatch(side -> side > 1)) {
      node.setOperator("Global" + node.operator());
      node.attributeNames().forEach(node::removeAttribute);
    }
  }

  private void enlarge(OnnxNode node) {
    boolean picked =
        shapes.rank(node.output()) == 4
            && !Arrays.equals(sides(node.input(0)), sides(node.output()))
            && !followsPicture(node);
    if (!picked) {
      return;
    }
    long[] from = sides(node.input(0));
    Optional<String> partner = partner(node.output(), sides(node.output()), new HashSet<>());
    if (partner.isEmpty() && Arrays.equals(sides(node.output()), sides(picture))) {
      partner = Optional.of(picture);
    }
    if (partner.isEmpty()) {
      if (node.operator().equals("Resize") && !node.hasInput(3)) {
        return;
      }
      throw new GraphException(
          "node "
              + node
              + " enlarges to "
              + Arrays.toString(sides(node.output()))
              + ", which is neither the picture's size nor that of another value; keep the "
              + "network's own size");
    }
    String sides = sidesBefore(node, partner.get());
    String name = node.output();
    if (from[0] == 1 && from[1] == 1) {
      OnnxNode target = concat(node, name, vector(name + "_one", 1, 1), sides);
      node.setOperator("Expand");
      node.attributeNames().forEach(node::removeAttribute);
      node.setInputs(List.of(node.input(0), target.output()));
      return;
    }
    List<OnnxNode> nodes = new ArrayList<>();
    String shape = before(nodes, "Shape", name + "_shape", node.input(0)).output();
    OnnxNode batch =
        before(nodes, "Slice", name + "_batch", shape, vector("zero", 0), vector("two", 2));
    nodes.forEach(added -> graph.insertBefore(node, added));
    OnnxNode sizes = concat(node, name, batch.output(), sides);
    node.setInputs(List.of(node.input(0), "", "", sizes.output()));
    node.removeAttribute("axes");
  }

  /// Whether the sides are computed from the picture already.
  private boolean followsPicture(OnnxNode node) {
    String sizes = node.operator().equals("Resize") ? node.input(3) : node.input(1);
    return !sizes.isEmpty() && dependsOnSides(sizes, new HashSet<>());
  }

  /// A batch or a number of channels may be taken from a shape; sides are the last two of four.
  private boolean dependsOnSides(String value, Set<String> seen) {
    Optional<OnnxNode> producer = graph.producer(value);
    if (producer.isEmpty() || !seen.add(value)) {
      return false;
    }
    if (producer.get().operator().equals("Concat")) {
      return dependsOnSides(producer.get().inputs().getLast(), seen);
    }
    return producer.get().operator().equals("Shape")
        || producer.get().reads().stream().anyMatch(read -> dependsOnSides(read, seen));
  }

  /// The value of these sides with which the given one is joined, now or later.
  private Optional<String> partner(String value, long[] sides, Set<String> seen) {
    for (OnnxNode reader : graph.consumers(value)) {
      if (!seen.add(reader.output()) || shapes.rank(reader.output()) != 4) {
        continue;
      }
      if (JOINING.contains(reader.operator())) {
        Optional<String> other =
            reader.inputs().stream()
                .filter(input -> !input.equals(value) && graph.constant(input).isEmpty())
                .filter(input -> shapes.rank(input) == 4 && Arrays.equals(sides(input), sides))
                .filter(input -> !dependsOn(input, value))
                .findFirst();
        if (other.isPresent()) {
          return other;
        }
      }
      if (Arrays.equals(sides(reader.output()), sides)) {
        Optional<String> later = partner(reader.output(), sides, seen);
        if (later.isPresent() && !dependsOn(later.get(), value)) {
          return later;
        }
      }
    }
    return Optional.empty();
  }

  private boolean dependsOn(String value, String on) {
    Set<String> reached = new HashSet<>(Set.of(on));
    for (OnnxNode node : graph.nodes()) {
      if (node.reads().stream().anyMatch(reached::contains)) {
        reached.addAll(node.outputs());
      }
    }
    return reached.contains(value);
  }

  private String sidesBefore(OnnxNode node, String value) {
    List<OnnxNode> nodes = new ArrayList<>();
    String shape = before(nodes, "Shape", node.output() + "_like", value).output();
    OnnxNode sides =
        before(
            nodes, "Slice", node.output() + "_sides", shape, vector("two", 2), vector("four", 4));
    nodes.forEach(added -> graph.insertBefore(node, added));
    return sides.output();
  }

  private OnnxNode concat(OnnxNode node, String name, String first, String second) {
    List<OnnxNode> nodes = new ArrayList<>();
    OnnxNode joined = before(nodes, "Concat", name + "_target", first, second);
    joined.set("axis", 0);
    graph.insertBefore(node, joined);
    return joined;
  }

  private OnnxNode before(List<OnnxNode> nodes, String operator, String wish, String... inputs) {
    OnnxNode node = new OnnxNode(operator, List.of(inputs), graph.freshName(wish));
    nodes.add(node);
    return node;
  }

  private String vector(String wish, long... values) {
    return graph.add(OnnxTensor.ofVector(graph.freshName(wish), values));
  }
}
