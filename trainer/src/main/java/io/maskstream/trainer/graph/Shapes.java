package io.maskstream.trainer.graph;

import io.maskstream.onnx.OnnxException;
import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.onnx.OnnxType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The shape of every value of a graph, for one shape of its inputs; where a value holds the
/// integers of a shape, those too.
public final class Shapes {

  /// What is known of a value.
  ///
  /// @param shape its sides
  /// @param content its elements where it is a small integer tensor that depends on shapes and
  ///   constants only, else nothing
  record Known(long[] shape, Optional<long[]> content) {

    static Known of(long... shape) {
      return new Known(shape, Optional.empty());
    }

    static Known vector(long... content) {
      return new Known(new long[] {content.length}, Optional.of(content));
    }
  }

  /// Longer integer constants are no shapes.
  static final int LONGEST = 64;

  private final Map<String, Known> known = new HashMap<>();

  private Shapes() {}

  /// Infers all shapes.
  ///
  /// @param inputs the shape of every input of the graph
  /// @throws GraphException naming the node that cannot be followed, and the tensor that is wrong
  public static Shapes of(OnnxGraph graph, Map<String, long[]> inputs) {
    Shapes shapes = new Shapes();
    inputs.forEach((name, shape) -> shapes.known.put(name, Known.of(shape)));
    for (OnnxTensor tensor : graph.initializers()) {
      shapes.known.put(tensor.name(), constant(tensor));
    }
    for (OnnxNode node : graph.nodes()) {
      shapes.infer(graph, node);
    }
    return shapes;
  }

  private static Known constant(OnnxTensor tensor) {
    boolean small = tensor.size() <= LONGEST && tensor.shape().length < 2;
    boolean integers = tensor.type() == OnnxType.INT64 || tensor.type() == OnnxType.INT32;
    return new Known(
        tensor.shape(), small && integers ? Optional.of(tensor.longs()) : Optional.empty());
  }

  private void infer(OnnxGraph graph, OnnxNode node) {
    List<Known> inputs = new ArrayList<>();
    for (String input : node.inputs()) {
      if (!input.isEmpty() && !known.containsKey(input)) {
        throw new GraphException(
            "node "
                + node
                + " reads "
                + input
                + ", which neither a node nor an initializer gives; export the model again, with "
                + "its weights in the file");
      }
      inputs.add(input.isEmpty() ? Known.of(0) : known.get(input));
    }
    try {
      List<Known> outputs = ShapeRules.infer(graph, node, inputs);
      for (int i = 0; i < Math.min(outputs.size(), node.outputs().size()); i++) {
        known.put(node.outputs().get(i), outputs.get(i));
      }
    } catch (ArithmeticException
        | IllegalArgumentException
        | IndexOutOfBoundsException
        | OnnxException e) {
      throw new GraphException(
          "node "
              + node
              + " does not fit what it reads, "
              + inputs.stream().map(input -> Arrays.toString(input.shape())).toList()
              + ": "
              + e.getMessage()
              + "; check the size of the picture, or export the model again",
          e);
    }
  }

  /// Whether the value's shape is known, as it is for all but what trails an unused output.
  public boolean knows(String value) {
    return known.containsKey(value);
  }

  /// The sides of a value.
  public long[] of(String value) {
    Known found = known.get(value);
    if (found == null) {
      throw new GraphException("nothing makes " + value + "; export the model again");
    }
    return found.shape().clone();
  }

  /// Height and width, the last two axes of a shape.
  public static long[] sides(long[] shape) {
    return Arrays.copyOfRange(shape, shape.length - 2, shape.length);
  }

  public int rank(String value) {
    return of(value).length;
  }

  /// The integers that a value holds, where they are known.
  public Optional<long[]> content(String value) {
    return Optional.ofNullable(known.get(value)).flatMap(Known::content).map(long[]::clone);
  }
}
