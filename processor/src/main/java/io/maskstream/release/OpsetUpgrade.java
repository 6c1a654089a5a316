package io.maskstream.release;

import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Brings a graph from operator set 7 or later to 17, operator by operator, as ONNX's Changelog.md
/// tells what each version changed. Every value keeps its name. An operator that is not listed here
/// is refused, because a silent change of meaning would be a wrong mask.
public final class OpsetUpgrade {

  private static final long TARGET = ReleaseFile.MIN_OPSET;

  /// Operator set 7 brought today's broadcasting; before it, Add and Mul meant something else.
  private static final long LOWEST = 7;

  /// From 7 to 17 these changed only in types, in defaults that older files always write, or by
  /// attributes whose default is the old meaning.
  private static final Set<String> UNCHANGED =
      Set.of(
          "Abs",
          "Add",
          "And",
          "ArgMax",
          "ArgMin",
          "AveragePool",
          "Cast",
          "Ceil",
          "Concat",
          "Constant",
          "ConstantOfShape",
          "Conv",
          "ConvInteger",
          "ConvTranspose",
          "DepthToSpace",
          "DequantizeLinear",
          "Div",
          "Elu",
          "Equal",
          "Erf",
          "Exp",
          "Expand",
          "Flatten",
          "Floor",
          "Gather",
          "Gemm",
          "GlobalAveragePool",
          "GlobalMaxPool",
          "Greater",
          "HardSigmoid",
          "HardSwish",
          "Identity",
          "InstanceNormalization",
          "LRN",
          "LeakyRelu",
          "Less",
          "Log",
          "MatMul",
          "Max",
          "MaxPool",
          "Mean",
          "Min",
          "Mul",
          "Neg",
          "Not",
          "Or",
          "PRelu",
          "Pow",
          "QLinearConv",
          "QuantizeLinear",
          "Range",
          "Reciprocal",
          "ReduceMax",
          "ReduceMean",
          "ReduceMin",
          "Relu",
          "Reshape",
          "Round",
          "Selu",
          "Shape",
          "Sigmoid",
          "Softplus",
          "SpaceToDepth",
          "Sqrt",
          "Sub",
          "Sum",
          "Tanh",
          "Tile",
          "Transpose",
          "Where");

  private final OnnxGraph graph;
  private final long from;
  private final boolean keepDropout;

  private OpsetUpgrade(OnnxModel model, boolean keepDropout) {
    graph = model.graph();
    from = model.opset();
    this.keepDropout = keepDropout;
  }

  /// Brings the model to operator set 17; one that is there or beyond is left alone.
  ///
  /// @throws ReleaseException naming the operators that cannot be brought along
  static void apply(OnnxModel model) {
    apply(model, false);
  }

  /// The same for a graph that is to be trained: it keeps its Dropout nodes.
  ///
  /// @throws ReleaseException naming the operators that cannot be brought along
  public static void applyForTraining(OnnxModel model) {
    apply(model, true);
  }

  private static void apply(OnnxModel model, boolean keepDropout) {
    if (model.opset() >= TARGET) {
      return;
    }
    if (model.opset() < LOWEST || model.hasFunctions()) {
      throw new ReleaseException(
          "the graph's operator set is "
              + model.opset()
              + (model.hasFunctions() ? " and it defines operators of its own" : "")
              + "; export it with operator set "
              + TARGET
              + " or later");
    }
    new OpsetUpgrade(model, keepDropout).upgrade();
    model.setOpset(TARGET);
  }

  private void upgrade() {
    Set<String> unknown = new TreeSet<>();
    for (OnnxNode node : List.copyOf(graph.nodes())) {
      if (node.domain().isEmpty() && !upgrade(node)) {
        unknown.add(node.operator());
      }
    }
    if (!unknown.isEmpty()) {
      throw new ReleaseException(
          "operators "
              + String.join(", ", unknown)
              + " of operator set "
              + from
              + " are not known to upgrade; export the model with operator set "
              + TARGET
              + " or later");
    }
  }

  private boolean upgrade(OnnxNode node) {
    switch (node.operator()) {
      case "BatchNormalization" -> batchNormalization(node);
      case "Clip" -> clip(node);
      case "Dropout" -> dropout(node);
      case "Pad" -> pad(node);
      case "ReduceSum", "Squeeze", "Unsqueeze" -> axesToInput(node);
      case "Resize" -> resize(node);
      case "Slice" -> slice(node);
      case "Softmax", "LogSoftmax" -> softmax(node);
      case "Split" -> split(node);
      case "Upsample" -> upsample(node);
      default -> {
        return UNCHANGED.contains(node.operator());
      }
    }
    return true;
  }

  /// 9 dropped `spatial`, 14 the outputs of training.
  private void batchNormalization(OnnxNode node) {
    if (node.integer("spatial", 1) == 0 || node.outputs().size() > 1) {
      throw new ReleaseException(
          node + " trains, or normalises each pixel; export it for inference");
    }
    node.removeAttribute("spatial");
  }

  /// 11 made the bounds inputs.
  private void clip(OnnxNode node) {
    if (from < 11) {
      String min = constant(node, "min", node.number("min", -Float.MAX_VALUE));
      String max = constant(node, "max", node.number("max", Float.MAX_VALUE));
      node.setInputs(List.of(node.input(0), min, max));
      node.removeAttribute("min");
      node.removeAttribute("max");
    }
  }

  /// 12 made the ratio an input. At inference it passes everything through.
  private void dropout(OnnxNode node) {
    boolean maskRead =
        node.outputs().size() > 1 && !graph.consumers(node.outputs().get(1)).isEmpty();
    if (maskRead) {
      throw new ReleaseException(node + " is used for training; export it for inference");
    }
    if (keepDropout) {
      if (from < 12) {
        String ratio = constant(node, "ratio", node.number("ratio", 0.5f));
        node.setInputs(List.of(node.input(0), ratio));
        node.removeAttribute("ratio");
      }
      node.setOutputs(List.of(node.output()));
      return;
    }
    graph.replace(node, List.of(new OnnxNode("Identity", List.of(node.input(0)), node.output())));
  }

  /// 11 made the widths and the filling inputs.
  private void pad(OnnxNode node) {
    if (from < 11) {
      String pads = constant(node, "pads", required(node, "pads"));
      String value = constant(node, "value", node.number("value", 0));
      node.setInputs(List.of(node.input(0), pads, value));
      node.removeAttribute("pads");
      node.removeAttribute("value");
    }
  }

  /// 13 made the axes of these an input; those of other reductions stay until 18.
  private void axesToInput(OnnxNode node) {
    if (from < 13 && node.has("axes")) {
      node.setInputs(List.of(node.input(0), constant(node, "axes", required(node, "axes"))));
      node.removeAttribute("axes");
    }
  }

  /// 11 put a region of interest between picture and scales, and gave the old way of counting
  /// pixels its name.
  private void resize(OnnxNode node) {
    if (from < 11) {
      node.setInputs(List.of(node.input(0), "", node.input(1)));
      node.set("coordinate_transformation_mode", "asymmetric").set("nearest_mode", "floor");
      return;
    }
    // Until 13 an input that is not used had to be there, and was an empty constant.
    List<String> inputs = new ArrayList<>(node.inputs());
    for (int i = 1; i < inputs.size(); i++) {
      if (graph.constant(inputs.get(i)).filter(tensor -> tensor.size() == 0).isPresent()) {
        inputs.set(i, "");
      }
    }
    node.setInputs(inputs);
  }

  /// 10 replaced it by Resize.
  private void upsample(OnnxNode node) {
    String scales = node.input(1);
    if (from < 9) {
      float[] factors =
          node.numbers("scales")
              .orElseThrow(() -> new ReleaseException(node + " lacks its attribute scales"));
      scales =
          graph.add(
              OnnxTensor.ofFloats(
                  graph.freshName(node.output() + "_scales"),
                  new long[] {factors.length},
                  factors));
      node.removeAttribute("scales");
    }
    node.setOperator("Resize");
    node.setInputs(List.of(node.input(0), "", scales));
    node.set("coordinate_transformation_mode", "asymmetric").set("nearest_mode", "floor");
  }

  /// 10 made everything an input.
  private void slice(OnnxNode node) {
    if (from < 10) {
      List<String> inputs = new ArrayList<>();
      inputs.add(node.input(0));
      inputs.add(constant(node, "starts", required(node, "starts")));
      inputs.add(constant(node, "ends", required(node, "ends")));
      node.integers("axes").ifPresent(axes -> inputs.add(constant(node, "axes", axes)));
      node.setInputs(inputs);
      List.of("starts", "ends", "axes").forEach(node::removeAttribute);
    }
  }

  /// Before 13 it ran over everything from its axis on, as if that were one axis.
  private void softmax(OnnxNode node) {
    if (from >= 13) {
      return;
    }
    long axis = node.integer("axis", 1);
    long rank =
        graph
            .describe(node.output())
            .or(() -> graph.describe(node.input(0)))
            .filter(value -> value.hasShape())
            .map(value -> (long) value.shape().size())
            .orElse(0L);
    node.set("axis", -1);
    if (axis == -1 || axis == rank - 1) {
      return;
    }
    String shape = graph.freshName(node.output() + "_shape");
    String flat = graph.freshName(node.output() + "_flat");
    String over = graph.freshName(node.output() + "_over");
    OnnxNode inner = new OnnxNode(node.operator(), List.of(flat), over).set("axis", -1);
    graph.replace(
        node,
        List.of(
            new OnnxNode("Shape", List.of(node.input(0)), shape),
            new OnnxNode("Flatten", List.of(node.input(0)), flat).set("axis", axis),
            inner,
            new OnnxNode("Reshape", List.of(over, shape), node.output())));
  }

  /// 13 made the lengths an input.
  private void split(OnnxNode node) {
    if (from < 13 && node.has("split")) {
      node.setInputs(List.of(node.input(0), constant(node, "split", required(node, "split"))));
      node.removeAttribute("split");
    }
  }

  private long[] required(OnnxNode node, String attribute) {
    return node.integers(attribute)
        .orElseThrow(() -> new ReleaseException(node + " lacks its attribute " + attribute));
  }

  private String constant(OnnxNode node, String what, long[] values) {
    return graph.add(OnnxTensor.ofVector(graph.freshName(node.output() + "_" + what), values));
  }

  private String constant(OnnxNode node, String what, float value) {
    return graph.add(
        OnnxTensor.ofFloats(graph.freshName(node.output() + "_" + what), new long[0], value));
  }
}
