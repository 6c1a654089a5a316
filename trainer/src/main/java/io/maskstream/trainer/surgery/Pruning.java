package io.maskstream.trainer.surgery;

import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxValue;
import io.maskstream.trainer.graph.GraphException;
import java.util.ArrayList;
import java.util.List;

/// Cuts a graph down to some of its outputs: auxiliary heads are for training only.
public final class Pruning {

  private Pruning() {}

  /// Keeps these outputs, in this order, and what they need.
  ///
  /// @throws GraphException naming an output that is not there
  public static void to(OnnxModel model, List<String> names) {
    List<OnnxValue> outputs = model.graph().outputs();
    List<OnnxValue> kept = new ArrayList<>();
    for (String name : names) {
      kept.add(
          outputs.stream()
              .filter(output -> output.name().equals(name))
              .findFirst()
              .orElseThrow(
                  () -> new GraphException("the graph has no output " + name + ": " + outputs)));
    }
    model.graph().setOutputs(kept);
    model.graph().removeUnused();
  }
}
