package io.maskstream.trainer.graph;

import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.onnx.OnnxType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Computes what depends on constants only, so that every weight is an initializer: exporters write
/// weights as Constant and ConstantOfShape nodes, or reorder them in the graph.
final class Folding {

  private final OnnxGraph graph;
  private final String source;

  private Folding(OnnxGraph graph, String source) {
    this.graph = graph;
    this.source = source;
  }

  static void apply(OnnxGraph graph, String source) {
    Folding folding = new Folding(graph, source);
    for (OnnxNode node : List.copyOf(graph.nodes())) {
      folding
          .fold(node)
          .ifPresent(result -> {
            graph.remove(node);
            graph.add(result.withName(node.output()));
          });
    }
  }

  private Optional<OnnxTensor> fold(OnnxNode node) {
    if (node.operator().equals("Constant")) {
      return Optional.of(constant(node));
    }
    boolean folds = node.outputs().size() == 1 && !node.inputs().isEmpty();
    List<OnnxTensor> inputs = new ArrayList<>();
    for (String input : node.inputs()) {
      Optional<OnnxTensor> known = graph.constant(input);
      folds &= known.isPresent() && isPlain(known.get());
      known.ifPresent(inputs::add);
    }
    return folds ? fold(node, inputs) : Optional.empty();
  }

  private static boolean isPlain(OnnxTensor tensor) {
    return tensor.type() == OnnxType.FLOAT || tensor.type() == OnnxType.INT64;
  }

  private OnnxTensor constant(OnnxNode node) {
    if (node.has("value_float")) {
      return OnnxTensor.ofFloats("", new long[0], node.number("value_float", 0));
    }
    if (node.has("value_int")) {
      return OnnxTensor.ofLongs("", new long[0], node.integer("value_int", 0));
    }
    if (node.has("value_floats")) {
      float[] values = node.numbers("value_floats").orElseThrow();
      return OnnxTensor.ofFloats("", new long[] {values.length}, values);
    }
    if (node.has("value_ints")) {
      return OnnxTensor.ofVector("", node.integers("value_ints").orElseThrow());
    }
    return node.tensor("value")
        .orElseThrow(() ->
            new GraphException(
                source
                    + ": node "
                    + node
                    + " holds neither numbers nor a tensor of them; export the model with dense "
                    + "constants"));
  }

  private Optional<OnnxTensor> fold(OnnxNode node, List<OnnxTensor> inputs) {
    OnnxTensor first = inputs.getFirst();
    return switch (node.operator()) {
      case "Identity" -> Optional.of(first);
      case "ConstantOfShape" -> filled(node, first.longs());
      case "Shape" -> Optional.of(OnnxTensor.ofVector("", first.shape()));
      case "Cast" ->
          node.integer("to", 0) == first.type().number() ? Optional.of(first) : Optional.empty();
      case "Reshape" -> Optional.of(reshaped(node, first, inputs.get(1).longs()));
      case "Squeeze", "Unsqueeze", "Flatten" ->
          Optional.of(
              first.withShape(
                  Reshaping.rearranged(
                      node, first.shape(), inputs.size() > 1 ? inputs.get(1).longs() : null)));
      case "Transpose" -> Optional.of(Rearranging.transposed(first, permutation(node, first)));
      case "Concat" -> first.shape().length == 1 ? Optional.of(joined(inputs)) : Optional.empty();
      case "Add", "Sub", "Mul", "Div" -> computed(node.operator(), first, inputs.get(1));
      default -> Optional.empty();
    };
  }

  private Optional<OnnxTensor> filled(OnnxNode node, long[] shape) {
    Optional<OnnxTensor> value = node.tensor("value");
    if (value.isEmpty() || value.get().type() == OnnxType.FLOAT) {
      float everywhere = value.map(tensor -> tensor.floats()[0]).orElse(0f);
      return Optional.of(OnnxTensor.ofFilled("", shape, everywhere));
    }
    if (value.get().type() == OnnxType.INT64) {
      long[] values =
          new long[Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact))];
      Arrays.fill(values, value.get().longs()[0]);
      return Optional.of(OnnxTensor.ofLongs("", shape, values));
    }
    return Optional.empty();
  }

  private OnnxTensor reshaped(OnnxNode node, OnnxTensor tensor, long[] wanted) {
    try {
      return tensor.withShape(Reshaping.reshape(node, tensor.shape(), wanted));
    } catch (IllegalArgumentException e) {
      throw new GraphException(
          source + ": node " + node + " cannot reshape " + tensor + "; export the model again", e);
    }
  }

  private static long[] permutation(OnnxNode node, OnnxTensor tensor) {
    int rank = tensor.shape().length;
    long[] reversed = new long[rank];
    for (int i = 0; i < rank; i++) {
      reversed[i] = rank - 1 - i;
    }
    return node.integers("perm").orElse(reversed);
  }

  private static OnnxTensor joined(List<OnnxTensor> inputs) {
    if (inputs.getFirst().type() == OnnxType.INT64) {
      return OnnxTensor.ofVector(
          "", inputs.stream().flatMapToLong(t -> Arrays.stream(t.longs())).toArray());
    }
    int size = (int) inputs.stream().mapToLong(OnnxTensor::size).sum();
    float[] values = new float[size];
    int at = 0;
    for (OnnxTensor tensor : inputs) {
      System.arraycopy(tensor.floats(), 0, values, at, (int) tensor.size());
      at += (int) tensor.size();
    }
    return OnnxTensor.ofFloats("", new long[] {size}, values);
  }

  /// Of equal shapes, or with one number on either side.
  private static Optional<OnnxTensor> computed(String operator, OnnxTensor a, OnnxTensor b) {
    boolean fits = Arrays.equals(a.shape(), b.shape()) || a.size() == 1 || b.size() == 1;
    if (!fits || a.type() != b.type()) {
      return Optional.empty();
    }
    boolean left = a.shape().length > b.shape().length || a.size() > b.size();
    long[] shape = left ? a.shape() : b.shape();
    int size = (int) Math.max(a.size(), b.size());
    if (a.type() == OnnxType.INT64) {
      long[] x = a.longs();
      long[] y = b.longs();
      long[] z = new long[size];
      for (int i = 0; i < size; i++) {
        z[i] = ShapeArithmetic.compute(operator, x[i % x.length], y[i % y.length]);
      }
      return Optional.of(OnnxTensor.ofLongs("", shape, z));
    }
    float[] x = a.floats();
    float[] y = b.floats();
    float[] z = new float[size];
    for (int i = 0; i < size; i++) {
      float p = x[i % x.length];
      float q = y[i % y.length];
      z[i] =
          switch (operator) {
            case "Add" -> p + q;
            case "Sub" -> p - q;
            case "Mul" -> p * q;
            case "Div" -> p / q;
            default -> throw new IllegalArgumentException(operator);
          };
    }
    return Optional.of(OnnxTensor.ofFloats("", shape, z));
  }
}
