package io.maskstream.onnx;

import com.google.protobuf.ByteString;
import io.maskstream.onnx.proto.AttributeProto;
import io.maskstream.onnx.proto.GraphProto;
import io.maskstream.onnx.proto.NodeProto;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// One operator applied to named values. Mutable, compared by identity, not thread-safe.
///
/// An empty name among the inputs or outputs stands for one that is left out.
public final class OnnxNode {

  private final NodeProto rest;
  private String operator;
  private List<String> inputs;
  private List<String> outputs;
  private final Map<String, AttributeProto> attributes = new LinkedHashMap<>();

  OnnxNode(NodeProto proto) {
    rest = proto.toBuilder().clearInput().clearOutput().clearOpType().clearAttribute().build();
    operator = proto.getOpType();
    inputs = new ArrayList<>(proto.getInputList());
    outputs = new ArrayList<>(proto.getOutputList());
    proto.getAttributeList().forEach(attribute -> attributes.put(attribute.getName(), attribute));
  }

  /// A node of ONNX's own operator set, without attributes.
  public OnnxNode(String operator, List<String> inputs, List<String> outputs) {
    this(
        NodeProto.newBuilder()
            .setOpType(operator)
            .setName(outputs.get(0))
            .addAllInput(inputs)
            .addAllOutput(outputs)
            .build());
  }

  /// A node with one output.
  public OnnxNode(String operator, List<String> inputs, String output) {
    this(operator, inputs, List.of(output));
  }

  /// The operator's name, such as `Conv`.
  public String operator() {
    return operator;
  }

  public void setOperator(String operator) {
    this.operator = operator;
  }

  /// The operator set; empty for ONNX's own.
  public String domain() {
    return rest.getDomain().equals("ai.onnx") ? "" : rest.getDomain();
  }

  public String name() {
    return rest.getName();
  }

  public List<String> inputs() {
    return List.copyOf(inputs);
  }

  public void setInputs(List<String> inputs) {
    this.inputs = new ArrayList<>(inputs);
  }

  /// Whether input i is there.
  public boolean hasInput(int i) {
    return i < inputs.size() && !inputs.get(i).isEmpty();
  }

  public String input(int i) {
    return i < inputs.size() ? inputs.get(i) : "";
  }

  public List<String> outputs() {
    return List.copyOf(outputs);
  }

  public void setOutputs(List<String> outputs) {
    this.outputs = new ArrayList<>(outputs);
  }

  public String output() {
    return outputs.get(0);
  }

  public Set<String> attributeNames() {
    return Set.copyOf(attributes.keySet());
  }

  public boolean has(String attribute) {
    return attributes.containsKey(attribute);
  }

  public long integer(String attribute, long otherwise) {
    AttributeProto found = attributes.get(attribute);
    return found == null ? otherwise : found.getI();
  }

  public float number(String attribute, float otherwise) {
    AttributeProto found = attributes.get(attribute);
    return found == null ? otherwise : found.getF();
  }

  public String text(String attribute, String otherwise) {
    AttributeProto found = attributes.get(attribute);
    return found == null ? otherwise : found.getS().toStringUtf8();
  }

  /// A list of integers, or nothing where the attribute is left out.
  public Optional<long[]> integers(String attribute) {
    return Optional.ofNullable(attributes.get(attribute))
        .map(found -> found.getIntsList().stream().mapToLong(Long::longValue).toArray());
  }

  /// A list of numbers, or nothing where the attribute is left out.
  public Optional<float[]> numbers(String attribute) {
    return Optional.ofNullable(attributes.get(attribute))
        .map(found -> {
          float[] values = new float[found.getFloatsCount()];
          for (int i = 0; i < values.length; i++) {
            values[i] = found.getFloats(i);
          }
          return values;
        });
  }

  /// A constant, or nothing where the attribute is left out.
  public Optional<OnnxTensor> tensor(String attribute) {
    return Optional.ofNullable(attributes.get(attribute))
        .filter(AttributeProto::hasT)
        .map(found -> new OnnxTensor(found.getT()));
  }

  public OnnxNode set(String attribute, long value) {
    return put(attribute, AttributeProto.AttributeType.INT, written -> written.setI(value));
  }

  public OnnxNode set(String attribute, float value) {
    return put(attribute, AttributeProto.AttributeType.FLOAT, written -> written.setF(value));
  }

  public OnnxNode set(String attribute, String value) {
    return put(
        attribute,
        AttributeProto.AttributeType.STRING,
        written -> written.setS(ByteString.copyFromUtf8(value)));
  }

  public OnnxNode set(String attribute, long... values) {
    return put(
        attribute,
        AttributeProto.AttributeType.INTS,
        written -> {
          for (long value : values) {
            written.addInts(value);
          }
        });
  }

  public OnnxNode set(String attribute, OnnxTensor value) {
    return put(
        attribute, AttributeProto.AttributeType.TENSOR, written -> written.setT(value.proto()));
  }

  private OnnxNode put(
      String attribute, AttributeProto.AttributeType type, Consumer<AttributeProto.Builder> value) {
    AttributeProto.Builder written = AttributeProto.newBuilder().setName(attribute).setType(type);
    value.accept(written);
    attributes.put(attribute, written.build());
    return this;
  }

  public void removeAttribute(String attribute) {
    attributes.remove(attribute);
  }

  /// Every value that the node reads: its inputs, and what the bodies of an If, Loop or Scan take
  /// from around them.
  public Set<String> reads() {
    Set<String> names = new LinkedHashSet<>(inputs);
    for (AttributeProto attribute : attributes.values()) {
      if (attribute.hasG()) {
        names.addAll(captured(attribute.getG()));
      }
      attribute.getGraphsList().forEach(body -> names.addAll(captured(body)));
    }
    names.remove("");
    return names;
  }

  private static Set<String> captured(GraphProto body) {
    Set<String> own = new LinkedHashSet<>();
    Set<String> read = new LinkedHashSet<>();
    body.getInputList().forEach(value -> own.add(value.getName()));
    body.getInitializerList().forEach(tensor -> own.add(tensor.getName()));
    body.getNodeList()
        .forEach(node -> {
          read.addAll(new OnnxNode(node).reads());
          own.addAll(node.getOutputList());
        });
    body.getOutputList().forEach(value -> read.add(value.getName()));
    read.removeAll(own);
    return read;
  }

  /// Whether it holds bodies of its own (If, Loop, Scan).
  public boolean hasBody() {
    return attributes.values().stream()
        .anyMatch(attribute -> attribute.hasG() || attribute.getGraphsCount() > 0);
  }

  void redirect(String from, String to) {
    inputs.replaceAll(name -> name.equals(from) ? to : name);
    attributes.replaceAll((name, attribute) -> {
      AttributeProto.Builder changed = attribute.toBuilder();
      if (attribute.hasG()) {
        changed.setG(redirected(attribute.getG(), from, to));
      }
      for (int i = 0; i < attribute.getGraphsCount(); i++) {
        changed.setGraphs(i, redirected(attribute.getGraphs(i), from, to));
      }
      return changed.build();
    });
  }

  private static GraphProto redirected(GraphProto body, String from, String to) {
    if (!captured(body).contains(from)) {
      return body;
    }
    GraphProto.Builder changed = body.toBuilder();
    for (int i = 0; i < body.getNodeCount(); i++) {
      OnnxNode node = new OnnxNode(body.getNode(i));
      node.redirect(from, to);
      changed.setNode(i, node.proto());
    }
    for (int i = 0; i < body.getOutputCount(); i++) {
      if (body.getOutput(i).getName().equals(from)) {
        changed.getOutputBuilder(i).setName(to);
      }
    }
    return changed.build();
  }

  NodeProto proto() {
    return rest.toBuilder()
        .setOpType(operator)
        .addAllInput(inputs)
        .addAllOutput(outputs)
        .addAllAttribute(attributes.values())
        .build();
  }

  /// Such as `Conv(data, w, b) -> conv1`.
  @Override
  public String toString() {
    return operator + "(" + String.join(", ", inputs) + ") -> " + String.join(", ", outputs);
  }
}
