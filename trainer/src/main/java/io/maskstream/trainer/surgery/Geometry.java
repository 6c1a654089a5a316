package io.maskstream.trainer.surgery;

import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.trainer.graph.GraphException;
import io.maskstream.trainer.graph.Shapes;
import io.maskstream.trainer.graph.Windows;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Where the cells of every value of a fully convolutional graph lie in the picture.
///
/// Values that spread over the whole picture, such as what a global pool gives, have no place.
final class Geometry {

  private static final Set<String> MOVING = Set.of("ConvTranspose", "DepthToSpace", "Resize");

  private final Shapes shapes;
  private final Map<String, Place> places = new HashMap<>();
  private Optional<OnnxNode> uneven = Optional.empty();

  private Geometry(Shapes shapes) {
    this.shapes = shapes;
  }

  /// Follows a graph from its picture.
  ///
  /// @param input name of the picture
  /// @param place of its pixels, which may have been padded
  static Geometry of(OnnxGraph graph, Shapes shapes, String input, Place place) {
    Geometry geometry = new Geometry(shapes);
    geometry.places.put(input, place);
    for (OnnxNode node : graph.nodes()) {
      geometry
          .follow(node)
          .ifPresent(found -> node.outputs().forEach(out -> geometry.places.put(out, found)));
    }
    return geometry;
  }

  Optional<Place> place(String value) {
    return Optional.ofNullable(places.get(value));
  }

  /// The place of a value that must have one.
  Place placeOf(String value) {
    return place(value)
        .orElseThrow(() ->
            new GraphException(
                value + " says what is in the whole picture, not where; nothing can be scored"));
  }

  private Optional<Place> follow(OnnxNode node) {
    List<Place> read = node.inputs().stream().flatMap(input -> place(input).stream()).toList();
    if (read.isEmpty()) {
      return Optional.empty();
    }
    return switch (node.operator()) {
      case "Shape", "Size", "GlobalAveragePool", "GlobalMaxPool" -> Optional.empty();
      case "Conv", "MaxPool", "AveragePool", "LpPool" -> Optional.of(windowed(node));
      case "Pad" -> Optional.of(padded(node));
      default -> {
        if (!keepsSides(node)) {
          if (isSpread(node)) {
            yield Optional.empty();
          }
          throw new GraphException(
              "node "
                  + node
                  + " moves the pixels of the picture in a way that surgery cannot follow; "
                  + "take a network without it, or export it otherwise");
        }
        yield Optional.of(joined(node, read));
      }
    };
  }

  private Place windowed(OnnxNode node) {
    Place from = placeOf(node.input(0));
    long[] sides = sides(node.input(0));
    long[] kernel =
        node.operator().equals("Conv")
            ? sides(node.input(1))
            : node.integers("kernel_shape").orElseThrow();
    Windows windows = Windows.of(node, kernel, sides);
    return new Place(windowed(from, windows, 0), windowed(from, windows, 1));
  }

  private static Lattice windowed(Place from, Windows windows, int axis) {
    return from.axis(axis)
        .window(
            windows.reach(axis),
            windows.strides()[axis],
            windows.pads()[axis],
            cells -> windows.count(axis, cells));
  }

  private Place padded(OnnxNode node) {
    long[] pads =
        shapes
            .content(node.input(1))
            .filter(found -> found.length == 8 && !node.hasInput(3))
            .orElseThrow(() ->
                new GraphException(
                    "node " + node + " pads by numbers that are not in the file; export it so"));
    Place from = placeOf(node.input(0));
    return new Place(from.y().padded(pads[2], pads[6]), from.x().padded(pads[3], pads[7]));
  }

  private long[] sides(String value) {
    return Shapes.sides(shapes.of(value));
  }

  /// Whether height and width stay where they are: the last two axes, unmixed.
  private boolean keepsSides(OnnxNode node) {
    if (MOVING.contains(node.operator())) {
      return false;
    }
    if (node.operator().equals("Transpose")) {
      long[] order = node.integers("perm").orElse(new long[] {0});
      int rank = order.length;
      return rank > 2 && order[rank - 1] == rank - 1 && order[rank - 2] == rank - 2;
    }
    String from = node.inputs().stream().filter(places::containsKey).findFirst().orElseThrow();
    return shapes.rank(node.output()) > 2 && Arrays.equals(sides(node.output()), sides(from));
  }

  private boolean isSpread(OnnxNode node) {
    return node.operator().startsWith("Reduce")
        && Arrays.stream(shapes.of(node.output())).skip(2).allMatch(side -> side == 1);
  }

  /// Some networks join values whose cells lie less than a cell apart, such as a pooled shortcut
  /// and a strided convolution; the sum lies between.
  private Place joined(OnnxNode node, List<Place> read) {
    Place first = read.getFirst();
    for (Place other : read) {
      if (!other.liesNear(first)) {
        throw new GraphException(
            "node "
                + node
                + " joins values whose cells lie differently in the picture, "
                + first
                + " and "
                + other
                + "; surgery cannot score it");
      }
      if (uneven.isEmpty() && !other.isAsLongAs(first)) {
        uneven = Optional.of(node);
      }
    }
    return read.stream().allMatch(first::agreesWith) ? first : Place.between(read);
  }

  /// The first node that joins values which, for some sides of the picture, have not equally many
  /// cells.
  Optional<OnnxNode> uneven() {
    return uneven;
  }

  /// Pixels from one cell of the coarsest value to the next, down and across.
  long[] coarsest() {
    long[] steps = {1, 1};
    for (Place place : places.values()) {
      for (int axis = 0; axis < 2; axis++) {
        steps[axis] = Math.max(steps[axis], Math.round(place.axis(axis).stride()));
      }
    }
    return steps;
  }
}
