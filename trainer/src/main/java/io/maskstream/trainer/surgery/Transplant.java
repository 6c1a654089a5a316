package io.maskstream.trainer.surgery;

import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.trainer.graph.GraphException;
import io.maskstream.trainer.graph.GraphImport;
import io.maskstream.trainer.graph.Trainable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Gives a network the weights of a classifier with the same trunk, whatever its file calls them.
///
/// Convolutions are matched in the order in which the picture goes through them; where paths meet,
/// the one with more convolutions comes first, so a residual block's shortcut comes last. Batch
/// norms go along with them; where the file has them folded, the network's begin as the identity.
public final class Transplant {

  private final OnnxGraph graph;
  private final Map<String, OnnxNode> producers = new HashMap<>();
  private final Map<String, Integer> depths = new HashMap<>();
  private final Set<OnnxNode> seen = new HashSet<>();
  private final List<OnnxNode> convolutions = new ArrayList<>();

  private Transplant(OnnxGraph graph) {
    this.graph = graph;
    for (OnnxNode node : graph.nodes()) {
      node.outputs().forEach(output -> producers.put(output, node));
      int depth = node.reads().stream().mapToInt(this::depth).max().orElse(0);
      int own = node.operator().equals("Conv") ? 1 : 0;
      node.outputs().forEach(output -> depths.put(output, depth + own));
    }
  }

  private int depth(String value) {
    return depths.getOrDefault(value, 0);
  }

  /// The network with a trunk that knows what the classifier knows. The given ones are left as they
  /// were.
  ///
  /// @param network trainable, each convolution of its trunk followed by a batch norm
  /// @throws GraphException naming the first two layers that differ
  public static OnnxModel of(OnnxModel network, OnnxModel classifier) {
    OnnxModel model = network.copy();
    OnnxGraph from = GraphImport.normalise(classifier, "the classifier").graph();
    List<OnnxNode> theirs = new Transplant(from).ordered(from.outputs().getFirst().name());
    List<OnnxNode> ours = convolutions(model.graph());
    for (int i = 0; i < theirs.size(); i++) {
      copy(from, theirs.get(i), model.graph(), i < ours.size() ? ours.get(i) : null);
    }
    return model;
  }

  /// Those of a trainable graph, in the order in which the picture goes through them.
  static List<OnnxNode> convolutions(OnnxGraph trainable) {
    return new Transplant(trainable).ordered(Trainable.LOGITS);
  }

  private List<OnnxNode> ordered(String last) {
    visit(last);
    return convolutions;
  }

  private void visit(String value) {
    OnnxNode node = producers.get(value);
    if (node == null || !seen.add(node)) {
      return;
    }
    node.reads().stream()
        .sorted(Comparator.comparingInt(this::depth).reversed())
        .forEach(this::visit);
    if (node.operator().equals("Conv") && graph.constant(node.input(1)).isPresent()) {
      convolutions.add(node);
    }
  }

  private static void copy(OnnxGraph from, OnnxNode theirs, OnnxGraph to, @Nullable OnnxNode ours) {
    OnnxTensor weight = from.constant(theirs.input(1)).orElseThrow();
    Optional<OnnxNode> norm = ours == null ? Optional.empty() : norm(to, ours);
    if (ours == null
        || norm.isEmpty()
        || !Arrays.equals(weight.shape(), to.constant(ours.input(1)).orElseThrow().shape())) {
      throw new GraphException(
          "the classifier is of another build: its layer "
              + weight
              + " would become "
              + (ours == null ? "nothing" : to.constant(ours.input(1)).orElseThrow())
              + "; take the classifier that the network's name says");
    }
    to.add(weight.withName(ours.input(1)));
    int channels = (int) weight.shape()[0];
    float[] bias = theirs.hasInput(2) ? numbers(from, theirs.input(2)) : new float[channels];
    Optional<OnnxNode> old = norm(from, theirs);
    float[] scale = filled(channels, 1);
    float[] shift = bias;
    float[] mean = new float[channels];
    float[] variance = filled(channels, 1 - epsilon(norm.get()));
    if (old.isPresent()) {
      scale = numbers(from, old.get().input(1));
      shift = numbers(from, old.get().input(2));
      mean = numbers(from, old.get().input(3));
      variance = numbers(from, old.get().input(4));
      for (int i = 0; i < channels; i++) {
        mean[i] -= bias[i];
        variance[i] += epsilon(old.get()) - epsilon(norm.get());
      }
    }
    float[][] parts = {scale, shift, mean, variance};
    for (int i = 0; i < parts.length; i++) {
      to.add(OnnxTensor.ofFloats(norm.get().input(i + 1), new long[] {channels}, parts[i]));
    }
  }

  static Optional<OnnxNode> norm(OnnxGraph graph, OnnxNode convolution) {
    return graph.consumers(convolution.output()).stream()
        .filter(node -> node.operator().equals("BatchNormalization"))
        .findFirst();
  }

  private static float epsilon(OnnxNode norm) {
    return norm.number("epsilon", 1e-5f);
  }

  private static float[] numbers(OnnxGraph graph, String constant) {
    return graph
        .constant(constant)
        .orElseThrow(() -> new GraphException(constant + " is computed; export it as a constant"))
        .floats();
  }

  private static float[] filled(int count, float value) {
    float[] values = new float[count];
    Arrays.fill(values, value);
    return values;
  }
}
