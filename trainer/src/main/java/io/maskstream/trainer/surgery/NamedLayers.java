package io.maskstream.trainer.surgery;

import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.trainer.graph.GraphException;
import io.maskstream.trainer.graph.Trainable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Gives a network the weights of a trained one, layer by layer of the same name, as
/// `surgery.transplant` of the FCN reference nets does: FCN-16s begins with FCN-32s, FCN-8s with
/// FCN-16s, two streams with two networks. What is new stays as it was built: score layers zero,
/// upscoring bilinear.
///
/// Where not one name agrees, since one of both was made of a classifier's file with names of its
/// own, layers are matched in the order in which the picture goes through them.
///
/// @param model the network with the weights
/// @param known its parameters that have them
/// @param fresh its parameters, of names with the suffix, that stayed as they were
/// @param dropped parameters of the trained one that it has no place for
public record NamedLayers(
    OnnxModel model, List<String> known, List<String> fresh, List<String> dropped) {

  private static final Set<String> LEARNERS =
      Set.of("BatchNormalization", "Conv", "ConvTranspose", "Gemm");

  /// The given graphs are left as they were.
  ///
  /// @param network trainable
  /// @param trained trainable
  /// @param suffix that the network's names have after those of the trained one: of its second
  ///   stream, or none
  /// @throws GraphException naming a layer of the trunk whose shapes differ
  public static NamedLayers transplant(OnnxModel network, OnnxModel trained, String suffix) {
    OnnxModel model = network.copy();
    OnnxGraph to = model.graph();
    OnnxGraph from = trained.graph();
    Map<String, String> names = names(to, from, suffix);
    List<String> known = new ArrayList<>();
    List<String> fresh = new ArrayList<>();
    Set<String> dropped = new LinkedHashSet<>(parameters(from));
    for (String name : ending(parameters(to), suffix)) {
      OnnxTensor ours = to.constant(name).orElseThrow();
      Optional<OnnxTensor> theirs = Optional.ofNullable(names.get(name)).flatMap(from::constant);
      if (theirs.filter(found -> Arrays.equals(found.shape(), ours.shape())).isPresent()) {
        to.add(theirs.get().withName(name));
        known.add(name);
        dropped.remove(theirs.get().name());
      } else if (theirs.isPresent() && !mayDiffer(name)) {
        throw new GraphException(
            "the trained graph is of another build: its "
                + theirs.get()
                + " would become "
                + ours
                + "; take one that was trained from the same classifier");
      } else {
        fresh.add(name);
      }
    }
    if (known.isEmpty()) {
      throw new GraphException(
          "the trained graph has no layer of the network's: it has "
              + parameters(from).getFirst()
              + ", not "
              + parameters(to).getFirst()
              + "; take one whose trunk is the same");
    }
    return new NamedLayers(model, known, fresh, List.copyOf(dropped));
  }

  /// Other classes have other scores, and another stride another kernel of the upscoring.
  private static boolean mayDiffer(String name) {
    return name.contains(Trainable.SCORE);
  }

  /// What each parameter of the network is called in the trained one.
  private static Map<String, String> names(OnnxGraph to, OnnxGraph from, String suffix) {
    Map<String, String> names = new LinkedHashMap<>();
    for (String name : ending(parameters(to), suffix)) {
      names.put(name, name.substring(0, name.length() - suffix.length()));
    }
    boolean agree =
        names.values().stream()
            .anyMatch(name -> !mayDiffer(name) && from.constant(name).isPresent());
    if (agree || !suffix.isEmpty()) {
      return names;
    }
    List<OnnxNode> theirs = Transplant.convolutions(from);
    List<OnnxNode> ours = Transplant.convolutions(to);
    for (int i = 0; i < Math.min(theirs.size(), ours.size()); i++) {
      pair(ours.get(i), theirs.get(i), names);
      Optional<OnnxNode> norm = Transplant.norm(to, ours.get(i));
      Optional<OnnxNode> other = Transplant.norm(from, theirs.get(i));
      if (norm.isPresent() && other.isPresent()) {
        pair(norm.get(), other.get(), names);
      }
    }
    return names;
  }

  private static List<String> ending(List<String> names, String suffix) {
    return names.stream().filter(name -> name.endsWith(suffix)).toList();
  }

  private static void pair(OnnxNode ours, OnnxNode theirs, Map<String, String> names) {
    for (int i = 1; i < Math.min(ours.inputs().size(), theirs.inputs().size()); i++) {
      names.put(ours.input(i), theirs.input(i));
    }
  }

  /// The constants of layers that learn, in the order of the graph.
  private static List<String> parameters(OnnxGraph graph) {
    Set<String> all = new LinkedHashSet<>();
    for (OnnxNode node : graph.nodes()) {
      if (LEARNERS.contains(node.operator())) {
        node.inputs().stream()
            .skip(1)
            .filter(name -> !name.isEmpty() && graph.constant(name).isPresent())
            .forEach(all::add);
      }
    }
    return List.copyOf(all);
  }
}
