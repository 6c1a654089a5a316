package io.maskstream.trainer.graph;

import io.maskstream.onnx.OnnxException;
import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.onnx.OnnxType;
import io.maskstream.onnx.OnnxValue;
import io.maskstream.release.OpsetUpgrade;
import io.maskstream.release.ReleaseException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Brings any ONNX file into one form: operator set 17 or later, initializers that are no inputs,
/// float32, nodes in order, constants folded. Dropout stays, for training needs it.
public final class GraphImport {

  /// Operators on integers that stand for real numbers: they round, so no gradient passes them.
  private static final Set<String> QUANTIZED =
      Set.of(
          "ConvInteger",
          "DequantizeLinear",
          "DynamicQuantizeLinear",
          "MatMulInteger",
          "QLinearConv",
          "QLinearMatMul",
          "QuantizeLinear");

  private GraphImport() {}

  /// Reads a file.
  ///
  /// @throws GraphException naming the file, what is wrong with it, and what to do
  public static OnnxModel read(Path file) {
    try {
      return normalise(OnnxModel.read(file), file.toString());
    } catch (OnnxException e) {
      throw new GraphException(String.valueOf(e.getMessage()), e);
    }
  }

  /// The same graph in the one form; the given one is left as it was.
  ///
  /// @param source names it in errors
  public static OnnxModel normalise(OnnxModel given, String source) {
    OnnxModel model = upgraded(given, source);
    Folding.apply(model.graph(), source);
    model.graph().removeUnused();
    return model;
  }

  /// The one form but for the constants, which are left where they are made.
  static OnnxModel upgraded(OnnxModel given, String source) {
    OnnxModel model = given.copy();
    OnnxGraph graph = model.graph();
    refuse(model, source);
    try {
      graph.sort();
      graph.check();
      graph.removeUnused();
      OpsetUpgrade.applyForTraining(model);
    } catch (OnnxException | ReleaseException e) {
      throw new GraphException(source + ": " + e.getMessage(), e);
    }
    widen(graph);
    // Some files list inputs that belong to their makers' training, and that nothing reads.
    graph.setInputs(
        graph.inputs().stream()
            .filter(input -> !graph.consumers(input.name()).isEmpty())
            .toArray(OnnxValue[]::new));
    return model;
  }

  private static void refuse(OnnxModel model, String source) {
    for (OnnxNode node : model.graph().nodes()) {
      String operator = node.operator();
      if (QUANTIZED.contains(operator) || operator.startsWith("QLinear")) {
        throw new GraphException(
            source
                + " is quantized: node "
                + node
                + " computes with integers, which cannot be trained; take the float32 model that "
                + "it was made from");
      }
      if (!node.domain().isEmpty()) {
        throw new GraphException(
            source
                + ": node "
                + node
                + " is of the operator set "
                + node.domain()
                + ", not ONNX's own; export the model without custom or runtime operators");
      }
      if (node.hasBody()) {
        throw new GraphException(
            source
                + ": node "
                + node
                + " holds a graph of its own (If, Loop, Scan); export the model with fixed control "
                + "flow, or simplify it");
      }
    }
  }

  /// Half precision becomes single; a training's weights are float32.
  private static void widen(OnnxGraph graph) {
    for (OnnxTensor tensor : List.copyOf(graph.initializers())) {
      if (isOtherFloat(tensor.type())) {
        graph.add(OnnxTensor.ofFloats(tensor.name(), tensor.shape(), tensor.floats()));
      }
    }
    for (OnnxNode node : graph.nodes()) {
      boolean toOther =
          node.operator().equals("Cast")
              && (node.integer("to", 0) == OnnxType.FLOAT16.number()
                  || node.integer("to", 0) == OnnxType.DOUBLE.number());
      if (toOther) {
        node.set("to", OnnxType.FLOAT.number());
      }
      node.tensor("value")
          .filter(tensor -> isOtherFloat(tensor.type()))
          .ifPresent(tensor ->
              node.set(
                  "value", OnnxTensor.ofFloats(tensor.name(), tensor.shape(), tensor.floats())));
    }
    graph.setInputs(graph.inputs().stream().map(GraphImport::widened).toArray(OnnxValue[]::new));
    List<OnnxValue> outputs = new ArrayList<>();
    graph.outputs().forEach(output -> outputs.add(widened(output)));
    graph.setOutputs(outputs);
    graph.forgetShapes();
  }

  private static OnnxValue widened(OnnxValue value) {
    if (!isOtherFloat(value.type())) {
      return value;
    }
    return value.hasShape()
        ? new OnnxValue(value.name(), OnnxType.FLOAT, value.shape())
        : OnnxValue.ofUnknownShape(value.name(), OnnxType.FLOAT);
  }

  private static boolean isOtherFloat(OnnxType type) {
    return type == OnnxType.FLOAT16 || type == OnnxType.DOUBLE;
  }
}
