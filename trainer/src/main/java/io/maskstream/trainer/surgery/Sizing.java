package io.maskstream.trainer.surgery;

import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.trainer.graph.GraphException;
import io.maskstream.trainer.graph.Shapes;
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
  private final Wiring wiring;
  private final Shapes shapes;
  private final String picture;

  private Sizing(OnnxGraph graph, Shapes shapes, String picture) {
    this.graph = graph;
    wiring = new Wiring(graph);
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
    List.copyOf(graph.nodes()).forEach(sizing::free);
    graph.forgetShapes();
    graph.sort();
    graph.removeUnused();
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
    return Shapes.sides(shapes.of(value));
  }

  /// A shape that keeps height and width takes them from its input, and 0 takes the batch; what
  /// stands between is channels, which no picture changes, even where the graph computes them.
  private void reshape(OnnxNode node) {
    long[] from = shapes.of(node.input(0));
    String name = node.output();
    Optional<long[]> content = shapes.content(node.input(1));
    if (content.isEmpty() || node.integer("allowzero", 0) != 0) {
      return;
    }
    long[] wanted = content.get();
    boolean keepsSides =
        from.length > 2
            && shapes.rank(name) > 2
            && Arrays.equals(sides(node.input(0)), sides(name));
    boolean keepsBatch = wanted.length > 1 && wanted[0] == 1 && from[0] == 1;
    if (keepsBatch) {
      wanted[0] = 0;
    }
    boolean written = graph.constant(node.input(1)).isPresent();
    if (keepsSides && (written || keepsBatch)) {
      String leading = wiring.vector(name + "_leading", Arrays.copyOf(wanted, wanted.length - 2));
      String kept = wiring.sides(node.input(0), from.length - 2, from.length);
      node.setInputs(List.of(node.input(0), wiring.joined(name + "_target", leading, kept)));
    } else if (keepsBatch && written) {
      node.setInputs(List.of(node.input(0), wiring.vector(name + "_target", wanted)));
    }
  }

  /// A window over everything is a global pool.
  private void pool(OnnxNode node) {
    if (isWhole(node, shapes)) {
      node.setOperator("Global" + node.operator());
      node.attributeNames().forEach(node::removeAttribute);
    }
  }

  /// Whether a pool's window covers the whole map, at the size of the shapes.
  static boolean isWhole(OnnxNode pool, Shapes shapes) {
    long[] kernel = pool.integers("kernel_shape").orElse(new long[0]);
    boolean padded =
        Arrays.stream(pool.integers("pads").orElse(new long[0])).anyMatch(pad -> pad != 0);
    return !padded
        && Arrays.equals(kernel, Shapes.sides(shapes.of(pool.input(0))))
        && Arrays.stream(kernel).anyMatch(side -> side > 1);
  }

  private void enlarge(OnnxNode node) {
    String name = node.output();
    boolean held =
        shapes.rank(name) == 4
            && !Arrays.equals(sides(node.input(0)), sides(name))
            && !followsPicture(node);
    if (!held) {
      return;
    }
    Optional<String> like = partner(name, sides(name), new HashSet<>());
    if (like.isEmpty() && Arrays.equals(sides(name), sides(picture))) {
      like = Optional.of(picture);
    }
    if (like.isEmpty()) {
      if (node.operator().equals("Resize") && !node.hasInput(3)) {
        return;
      }
      throw new GraphException(
          "node "
              + node
              + " enlarges to "
              + Arrays.toString(sides(name))
              + ", which is neither the picture's size nor that of what it is joined with; export "
              + "the model with free height and width");
    }
    String goal = wiring.sides(like.get());
    if (Arrays.equals(sides(node.input(0)), new long[] {1, 1})) {
      node.setOperator("Expand");
      node.attributeNames().forEach(node::removeAttribute);
      String ones = wiring.vector(name + "_ones", 1, 1);
      node.setInputs(List.of(node.input(0), wiring.joined(name + "_target", ones, goal)));
    } else {
      String kept = wiring.sides(node.input(0), 0, 2);
      String sizes = wiring.joined(name + "_sizes", kept, goal);
      node.setInputs(List.of(node.input(0), "", "", sizes));
      node.removeAttribute("axes");
    }
  }

  /// Whether the sides, the last of four numbers, are computed from the picture already.
  private boolean followsPicture(OnnxNode node) {
    String sizes = node.operator().equals("Resize") ? node.input(3) : node.input(1);
    Optional<OnnxNode> producer = graph.producer(sizes);
    if (producer.isPresent() && producer.get().operator().equals("Concat")) {
      sizes = producer.get().inputs().getLast();
    }
    return !sizes.isEmpty() && graph.constant(sizes).isEmpty();
  }

  /// The value of these sides with which the given one is joined, now or later.
  private Optional<String> partner(String value, long[] sides, Set<String> seen) {
    for (OnnxNode reader : graph.consumers(value)) {
      boolean follows =
          shapes.knows(reader.output())
              && shapes.rank(reader.output()) == 4
              && Arrays.equals(sides(reader.output()), sides)
              && seen.add(reader.output());
      if (!follows) {
        continue;
      }
      Optional<String> other =
          reader.inputs().stream()
              .filter(input -> JOINING.contains(reader.operator()))
              .filter(input -> graph.constant(input).isEmpty() && shapes.rank(input) == 4)
              .filter(input -> Arrays.equals(sides(input), sides) && !dependsOn(input, value))
              .findFirst();
      Optional<String> found = other.or(() -> partner(reader.output(), sides, seen));
      if (found.isPresent() && !dependsOn(found.get(), value)) {
        return found;
      }
    }
    return Optional.empty();
  }

  private boolean dependsOn(String value, String on) {
    Set<String> reached = new HashSet<>(Set.of(on));
    Set<String> before;
    do {
      before = Set.copyOf(reached);
      for (OnnxNode node : graph.nodes()) {
        if (node.reads().stream().anyMatch(reached::contains)) {
          reached.addAll(node.outputs());
        }
      }
    } while (reached.size() > before.size());
    return reached.contains(value);
  }
}
