package io.maskstream.onnx;

import io.maskstream.onnx.proto.GraphProto;
import io.maskstream.onnx.proto.ValueInfoProto;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Nodes in topological order with their constants. Mutable, not thread-safe.
///
/// A value is known by its name: it is an input of the graph, an initializer (a constant), or the
/// output of exactly one node.
public final class OnnxGraph {

  private final GraphProto rest;
  private final List<OnnxNode> nodes = new ArrayList<>();
  private final Map<String, OnnxTensor> initializers = new LinkedHashMap<>();
  private final Map<String, ValueInfoProto> shapes = new LinkedHashMap<>();
  private List<OnnxValue> inputs;
  private List<OnnxValue> outputs;

  OnnxGraph(GraphProto proto) {
    rest =
        proto.toBuilder()
            .clearNode()
            .clearInitializer()
            .clearInput()
            .clearOutput()
            .clearValueInfo()
            .build();
    proto.getNodeList().forEach(node -> nodes.add(new OnnxNode(node)));
    proto.getInitializerList().forEach(t -> initializers.put(t.getName(), new OnnxTensor(t)));
    proto.getValueInfoList().forEach(value -> shapes.put(value.getName(), value));
    inputs = new ArrayList<>(proto.getInputList().stream().map(OnnxValue::new).toList());
    outputs = new ArrayList<>(proto.getOutputList().stream().map(OnnxValue::new).toList());
  }

  public String name() {
    return rest.getName();
  }

  /// The inputs that a caller must feed. Files of IR version 3 also list every constant as an
  /// input; those are left out.
  public List<OnnxValue> inputs() {
    return inputs.stream().filter(input -> !initializers.containsKey(input.name())).toList();
  }

  /// Sets the inputs; from then on no constant is listed among them, and none can be overridden.
  public void setInputs(OnnxValue... values) {
    inputs = new ArrayList<>(List.of(values));
  }

  public List<OnnxValue> outputs() {
    return Collections.unmodifiableList(outputs);
  }

  public void setOutputs(List<OnnxValue> values) {
    outputs = new ArrayList<>(values);
  }

  /// The nodes, in the order in which they can run.
  public List<OnnxNode> nodes() {
    return Collections.unmodifiableList(nodes);
  }

  public Collection<OnnxTensor> initializers() {
    return Collections.unmodifiableCollection(initializers.values());
  }

  /// The constant of this name: an initializer, or what a Constant node holds.
  public Optional<OnnxTensor> constant(String value) {
    OnnxTensor initializer = initializers.get(value);
    if (initializer != null) {
      return Optional.of(initializer);
    }
    return producer(value)
        .filter(node -> node.operator().equals("Constant"))
        .flatMap(node -> node.tensor("value"));
  }

  /// Puts a constant into the graph, in place of one of the same name.
  ///
  /// @return its name
  public String add(OnnxTensor constant) {
    initializers.put(constant.name(), constant);
    return constant.name();
  }

  /// The node that makes this value; nothing for an input or an initializer.
  public Optional<OnnxNode> producer(String value) {
    return nodes.stream().filter(node -> node.outputs().contains(value)).findFirst();
  }

  /// The nodes that read this value.
  public List<OnnxNode> consumers(String value) {
    return nodes.stream().filter(node -> node.reads().contains(value)).toList();
  }

  /// What the file says of the type and shape of this value.
  public Optional<OnnxValue> describe(String value) {
    for (List<OnnxValue> ends : List.of(inputs, outputs)) {
      for (OnnxValue end : ends) {
        if (end.name().equals(value)) {
          return Optional.of(end);
        }
      }
    }
    return Optional.ofNullable(shapes.get(value)).map(OnnxValue::new);
  }

  /// Forgets what the file says of values within the graph, for when their shapes have changed.
  public void forgetShapes() {
    shapes.clear();
  }

  /// A name that no value of the graph has, as close to the wish as can be.
  public String freshName(String wish) {
    Set<String> taken = new HashSet<>(initializers.keySet());
    inputs.forEach(value -> taken.add(value.name()));
    outputs.forEach(value -> taken.add(value.name()));
    nodes.forEach(node -> {
      taken.addAll(node.outputs());
      taken.addAll(node.reads());
    });
    String name = wish;
    for (int i = 1; taken.contains(name); i++) {
      name = wish + "_" + i;
    }
    return name;
  }

  /// Appends a node.
  ///
  /// @return its first output
  public String append(OnnxNode node) {
    nodes.add(node);
    return node.output();
  }

  /// Puts nodes at the front, in this order.
  public void prepend(List<OnnxNode> first) {
    nodes.addAll(0, first);
  }

  public void insertBefore(OnnxNode anchor, OnnxNode node) {
    nodes.add(place(anchor), node);
  }

  /// Puts nodes in the place of one; they make its outputs, or whoever calls redirects them.
  public void replace(OnnxNode old, List<OnnxNode> replacement) {
    int place = place(old);
    nodes.remove(place);
    nodes.addAll(place, replacement);
  }

  public void remove(OnnxNode node) {
    nodes.remove(place(node));
  }

  private int place(OnnxNode node) {
    int place = nodes.indexOf(node);
    if (place < 0) {
      throw new IllegalArgumentException("node is not in the graph: " + node);
    }
    return place;
  }

  /// Makes every reader of one value read another. Outputs of the graph stay.
  public void redirect(String from, String to) {
    nodes.forEach(node -> node.redirect(from, to));
  }

  /// Gives a value another name everywhere, so that its old name is free.
  public void rename(String from, String to) {
    redirect(from, to);
    for (OnnxNode node : nodes) {
      if (node.outputs().contains(from)) {
        node.setOutputs(node.outputs().stream().map(o -> o.equals(from) ? to : o).toList());
      }
    }
    OnnxTensor constant = initializers.remove(from);
    if (constant != null) {
      initializers.put(to, constant.withName(to));
    }
    inputs.replaceAll(value -> value.name().equals(from) ? value.withName(to) : value);
    outputs.replaceAll(value -> value.name().equals(from) ? value.withName(to) : value);
    ValueInfoProto shape = shapes.remove(from);
    if (shape != null) {
      shapes.put(to, shape.toBuilder().setName(to).build());
    }
  }

  /// Drops nodes and constants that no output needs.
  public void removeUnused() {
    Set<String> needed = new HashSet<>();
    outputs.forEach(value -> needed.add(value.name()));
    for (int i = nodes.size() - 1; i >= 0; i--) {
      OnnxNode node = nodes.get(i);
      if (Collections.disjoint(node.outputs(), needed)) {
        nodes.remove(i);
      } else {
        needed.addAll(node.reads());
      }
    }
    initializers.keySet().retainAll(needed);
    Set<String> made = new HashSet<>();
    nodes.forEach(node -> made.addAll(node.outputs()));
    shapes.keySet().retainAll(made);
  }

  /// Puts the nodes into an order in which they can run, leaving those alone that already are.
  ///
  /// @throws OnnxException if they go in a circle or read what nobody makes
  public void sort() {
    List<OnnxNode> waiting = new ArrayList<>(nodes);
    Set<String> made = sources();
    nodes.clear();
    while (!waiting.isEmpty()) {
      int before = waiting.size();
      waiting.removeIf(node -> {
        boolean ready = made.containsAll(node.reads());
        if (ready) {
          nodes.add(node);
          made.addAll(node.outputs());
        }
        return ready;
      });
      if (waiting.size() == before) {
        OnnxNode stuck = waiting.get(0);
        Set<String> missing = new LinkedHashSet<>(stuck.reads());
        missing.removeAll(made);
        nodes.addAll(waiting);
        throw new OnnxException(
            "graph "
                + name()
                + " is a circle, or nothing makes "
                + missing
                + ", which "
                + stuck
                + " reads");
      }
    }
  }

  /// Holds the rules of the format: every value is made once, before it is read.
  ///
  /// @throws OnnxException naming the first node that breaks them
  public void check() {
    Set<String> made = sources();
    for (OnnxNode node : nodes) {
      for (String read : node.reads()) {
        if (!made.contains(read)) {
          throw new OnnxException(
              "graph "
                  + name()
                  + ": "
                  + node
                  + " reads "
                  + read
                  + (producer(read).isPresent() ? " before it is made" : ", which nothing makes"));
        }
      }
      for (String output : node.outputs()) {
        if (!output.isEmpty() && !made.add(output)) {
          throw new OnnxException("graph " + name() + ": " + output + " is made twice");
        }
      }
    }
    for (OnnxValue output : outputs) {
      if (!made.contains(output.name())) {
        throw new OnnxException("graph " + name() + ": nothing makes the output " + output.name());
      }
    }
  }

  private Set<String> sources() {
    Set<String> names = new HashSet<>(initializers.keySet());
    inputs.forEach(value -> names.add(value.name()));
    rest.getSparseInitializerList().forEach(sparse -> names.add(sparse.getValues().getName()));
    return names;
  }

  GraphProto proto() {
    GraphProto.Builder written = frame().toBuilder();
    initializers.values().forEach(tensor -> written.addInitializer(tensor.proto()));
    return written.build();
  }

  /// All but the constants.
  GraphProto frame() {
    GraphProto.Builder written = rest.toBuilder();
    // Names of nodes are for people, yet ONNX Runtime refuses a file in which two are the same.
    Set<String> named = new HashSet<>();
    nodes.forEach(node -> {
      boolean twice = !node.name().isEmpty() && !named.add(node.name());
      written.addNode(twice ? node.proto().toBuilder().clearName().build() : node.proto());
    });
    inputs.forEach(value -> written.addInput(value.proto()));
    outputs.forEach(value -> written.addOutput(value.proto()));
    return written.addAllValueInfo(shapes.values()).build();
  }
}
