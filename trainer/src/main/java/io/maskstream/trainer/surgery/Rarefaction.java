package io.maskstream.trainer.surgery;

import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.trainer.graph.GraphException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/// Makes a trunk finer without other weights, so that it gives at once what shifted pictures give
/// one after the other when their scores are stitched together: layers lose their stride, and the
/// windows of all that follow are dilated by it (Shelhamer et al. 2016, section 3.2: "filter
/// rarefaction", the algorithme a trous).
final class Rarefaction {

  private static final Set<String> WINDOWED = Set.of("AveragePool", "Conv", "LpPool", "MaxPool");

  private final OnnxGraph graph;
  private final long coarsest;
  private final Map<String, Grain> grains = new HashMap<>();

  private Rarefaction(OnnxGraph graph, long coarsest) {
    this.graph = graph;
    this.coarsest = coarsest;
  }

  /// @param stride pixels between cells that were neighbours before
  /// @param spacing cells between them now
  private record Grain(long stride, long spacing) {}

  /// Removes every stride that leads beyond the coarsest one.
  ///
  /// @param picture the value that the trunk reads
  /// @param coarsest pixels from one cell to the next that may stay
  /// @throws GraphException naming a layer whose windows cannot be dilated
  static void apply(OnnxGraph graph, String picture, long coarsest) {
    Rarefaction rarefaction = new Rarefaction(graph, coarsest);
    rarefaction.grains.put(picture, new Grain(1, 1));
    List.copyOf(graph.nodes()).forEach(rarefaction::follow);
    graph.sort();
  }

  private void follow(OnnxNode node) {
    Optional<Grain> read =
        node.reads().stream()
            .map(grains::get)
            .filter(Objects::nonNull)
            .max((a, b) -> Long.compare(a.stride(), b.stride()));
    if (read.isPresent()) {
      Grain grain = WINDOWED.contains(node.operator()) ? windowed(node, read.get()) : read.get();
      node.outputs().forEach(output -> grains.put(output, grain));
    }
  }

  private Grain windowed(OnnxNode node, Grain from) {
    long[] strides = node.integers("strides").orElse(new long[] {1, 1});
    long step = Math.max(strides[0], strides[1]);
    long stride = from.stride() * step;
    boolean finer = step > 1 && stride > coarsest;
    if (!finer && from.spacing() == 1) {
      return new Grain(stride, 1);
    }
    boolean pools = !node.operator().equals("Conv");
    boolean averages = pools && !node.operator().equals("MaxPool");
    if (strides[0] != strides[1] || averages && from.spacing() > 1) {
      throw new GraphException(
          "node "
              + node
              + (averages ? " is no maximum, so its windows" : " has two strides, so what follows")
              + " cannot be dilated; let the trunk keep a stride of "
              + stride);
    }
    long[] pads = node.integers("pads").orElse(new long[4]).clone();
    if (finer && node.integer("ceil_mode", 0) != 0) {
      // A last window that reaches over the end, for each of the shifts.
      pads[2] += step - 1;
      pads[3] += step - 1;
    }
    long[] dilations = node.integers("dilations").orElse(new long[] {1, 1});
    node.set("strides", new long[] {1, 1});
    node.removeAttribute("ceil_mode");
    if (from.spacing() > 1) {
      node.set("dilations", times(dilations, from.spacing()));
      pads = times(pads, from.spacing());
    }
    if (node.operator().equals("MaxPool") && Arrays.stream(pads).anyMatch(pad -> pad > 0)) {
      node.setInputs(List.of(lowered(node.input(0), pads)));
      pads = new long[4];
    }
    node.set("pads", pads);
    return new Grain(stride, finer ? from.spacing() * step : from.spacing());
  }

  private static long[] times(long[] values, long factor) {
    return Arrays.stream(values).map(value -> value * factor).toArray();
  }

  /// The value with what no maximum takes around it: a pool may not be padded by more than its
  /// kernel, dilated or not.
  private String lowered(String value, long[] pads) {
    Wiring wiring = new Wiring(graph);
    String around = wiring.vector("around", 0, 0, pads[0], pads[1], 0, 0, pads[2], pads[3]);
    String lowest = wiring.floats("lowest", new long[0], -Float.MAX_VALUE);
    return wiring.value("Pad", value + "_around", value, around, lowest);
  }
}
