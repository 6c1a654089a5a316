package io.maskstream.trainer.autograd;

import io.maskstream.onnx.OnnxDimension;
import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.onnx.OnnxType;
import io.maskstream.onnx.OnnxValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/// A small graph around one operator: from `x`, and other operands, to `y`. The numbers come from a
/// seed made of the case's name.
final class OperatorCase {

  static final String X = "x";
  static final String Y = "y";

  private final String name;
  private final Random random;
  private final Map<String, OnnxTensor> operands = new LinkedHashMap<>();
  private final Set<String> differentiable = new HashSet<>();
  private final List<OnnxNode> nodes = new ArrayList<>();
  private OnnxType outputType = OnnxType.FLOAT;
  private long opset = 17;
  private Mode mode = Mode.FIXED_STATISTICS;
  private boolean smooth = true;

  OperatorCase(String name) {
    this.name = name;
    random = new Random(name.hashCode());
  }

  OperatorCase x(long... shape) {
    return learned(X, shape);
  }

  /// Normally distributed numbers, with a gradient.
  OperatorCase learned(String operand, long... shape) {
    return spread(operand, 1, shape);
  }

  /// With a deviation of their own, to reach where a function bends.
  OperatorCase spread(String operand, double deviation, long... shape) {
    differentiable.add(operand);
    return given(operand, shape, normal(deviation, shape));
  }

  /// Between these, with a gradient.
  OperatorCase between(String operand, double low, double high, long... shape) {
    differentiable.add(operand);
    float[] values = normal(1, shape);
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (low + (high - low) * random.nextDouble());
    }
    return given(operand, shape, values);
  }

  OperatorCase given(String operand, long[] shape, float... values) {
    operands.put(operand, OnnxTensor.ofFloats(operand, shape, values));
    return this;
  }

  OperatorCase number(String operand, double value) {
    return given(operand, new long[0], (float) value);
  }

  OperatorCase longs(String operand, long... values) {
    return longs(operand, new long[] {values.length}, values);
  }

  OperatorCase longs(String operand, long[] shape, long... values) {
    operands.put(operand, OnnxTensor.ofLongs(operand, shape, values));
    return this;
  }

  /// A node whose output is `y`.
  OnnxNode node(String operator, String... inputs) {
    return inner(Y, operator, inputs);
  }

  /// A node with another output.
  OnnxNode inner(String output, String operator, String... inputs) {
    OnnxNode node = new OnnxNode(operator, List.of(inputs), output);
    nodes.add(node);
    return node;
  }

  void add(OnnxNode node) {
    nodes.add(node);
  }

  OperatorCase opset(long version) {
    opset = version;
    return this;
  }

  OperatorCase mode(Mode wanted) {
    mode = wanted;
    return this;
  }

  /// `y` is of integers; there is no gradient.
  OperatorCase gives(OnnxType type) {
    outputType = type;
    return flat();
  }

  /// The gradient is nothing or not defined; it is not checked.
  OperatorCase flat() {
    smooth = false;
    return this;
  }

  private float[] normal(double deviation, long... shape) {
    float[] values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return values;
  }

  Mode mode() {
    return mode;
  }

  boolean isSmooth() {
    return smooth;
  }

  OnnxTensor operand(String operand) {
    return operands.get(operand);
  }

  Set<String> differentiable() {
    return differentiable;
  }

  Set<String> operators() {
    Set<String> operators = new HashSet<>();
    nodes.forEach(node -> operators.add(node.operator()));
    return operators;
  }

  /// The graph with these operands as inputs and all others as initializers.
  OnnxModel model(Set<String> inputs) {
    OnnxModel model = OnnxModel.create(name, opset);
    OnnxGraph graph = model.graph();
    List<OnnxValue> values = new ArrayList<>();
    operands.forEach((operand, tensor) -> {
      if (inputs.contains(operand)) {
        List<OnnxDimension> shape =
            Arrays.stream(tensor.shape()).mapToObj(OnnxDimension::fixed).toList();
        values.add(new OnnxValue(operand, tensor.type(), shape));
      } else {
        graph.add(tensor);
      }
    });
    graph.setInputs(values.toArray(OnnxValue[]::new));
    nodes.forEach(graph::append);
    graph.setOutputs(List.of(OnnxValue.ofUnknownShape(Y, outputType)));
    return model;
  }

  @Override
  public String toString() {
    return name;
  }
}
