package io.maskstream.release;

import io.maskstream.onnx.OnnxDimension;
import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.onnx.OnnxType;
import io.maskstream.onnx.OnnxValue;
import io.maskstream.release.Anatomy.Scores;
import io.maskstream.release.PackagingOptions.Channels;
import io.maskstream.release.PackagingOptions.Layout;
import io.maskstream.release.PackagingOptions.Normalisation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Puts a release's input and outputs on a graph, as nodes of it.
final class Surgery {

  private final OnnxModel model;
  private final OnnxGraph graph;

  Surgery(OnnxModel model) {
    this.model = model;
    graph = model.graph();
    for (String name : List.of(ReleaseFile.INPUT, ReleaseFile.CLASSES, ReleaseFile.CONFIDENCE)) {
      graph.rename(name, graph.freshName(name));
    }
  }

  /// Feeds the graph's input from bytes.
  ///
  /// The reordering comes first, while a pixel has 3 bytes and not 12.
  void frontFrom(
      OnnxValue frames, OnnxValue input, Layout layout, Channels channels, Normalisation norm) {
    int axis = layout == Layout.NCHW ? 1 : 3;
    List<OnnxNode> front = new ArrayList<>();
    String value = frames.name();
    if (layout == Layout.NCHW) {
      value = step(front, "Transpose", value);
      front.getLast().set("perm", new long[] {0, 3, 1, 2});
    }
    if (channels == Channels.BGR) {
      String order = graph.add(OnnxTensor.ofVector(graph.freshName("bgr"), 2, 1, 0));
      value = step(front, "Gather", value, order);
      front.getLast().set("axis", axis);
    }
    value = step(front, "Cast", value);
    front.getLast().set("to", OnnxType.FLOAT.number());
    if (norm.mean().stream().anyMatch(mean -> mean != 0)) {
      value = step(front, "Sub", value, perChannel("mean", norm.mean(), axis));
    }
    if (norm.std().stream().anyMatch(std -> std != 1)) {
      value = step(front, "Div", value, perChannel("std", norm.std(), axis));
    }
    if (input.type() != OnnxType.FLOAT) {
      step(front, "Cast", value);
      front.getLast().set("to", input.type().number());
    }
    front.getLast().setOutputs(List.of(input.name()));
    graph.setInputs(frames.withDenotation("IMAGE"));
    graph.prepend(front);
  }

  private String step(List<OnnxNode> front, String operator, String... inputs) {
    String output = graph.freshName("frames_" + operator.toLowerCase(Locale.ROOT));
    front.add(new OnnxNode(operator, List.of(inputs), output));
    return output;
  }

  private String perChannel(String name, List<Float> values, int axis) {
    boolean same = values.stream().distinct().count() == 1;
    long[] shape = same ? new long[0] : axis == 1 ? new long[] {1, 3, 1, 1} : new long[] {3};
    float[] written = new float[same ? 1 : 3];
    for (int i = 0; i < written.length; i++) {
      written[i] = values.get(i);
    }
    return graph.add(OnnxTensor.ofFloats(graph.freshName(name), shape, written));
  }

  /// Gives class ids as bytes.
  void classesFrom(Anatomy anatomy, int mapRank) {
    String ids;
    if (anatomy.map().isPresent()) {
      ids = anatomy.map().get();
      if (mapRank == 4) {
        ids = squeezed(ids, anatomy);
      }
    } else {
      Scores scores = anatomy.scores().orElseThrow();
      ids =
          graph.append(
              new OnnxNode("ArgMax", List.of(scores.value()), graph.freshName("class_ids"))
                  .set("axis", scores.axis())
                  .set("keepdims", 0));
    }
    graph.append(
        new OnnxNode("Cast", List.of(ids), ReleaseFile.CLASSES).set("to", OnnxType.UINT8.number()));
  }

  /// Takes the axis of length 1 out of ids [N,1,h,w] or [N,h,w,1].
  private String squeezed(String ids, Anatomy anatomy) {
    boolean last =
        anatomy.output().hasShape()
            && anatomy.output().shape().get(3).size() == 1
            && anatomy.output().shape().get(1).size() != 1;
    String axes = graph.add(OnnxTensor.ofVector(graph.freshName("ids_axis"), last ? 3 : 1));
    return graph.append(new OnnxNode("Squeeze", List.of(ids, axes), graph.freshName("class_ids")));
  }

  /// Gives the winning softmax x 255, on the grid on which the scores were made.
  void confidenceFrom(Scores grid) {
    String value = grid.value();
    if (!grid.probabilities()) {
      value =
          graph.append(
              new OnnxNode("Softmax", List.of(value), graph.freshName("probabilities"))
                  .set("axis", grid.axis()));
    }
    OnnxNode max = new OnnxNode("ReduceMax", List.of(value), graph.freshName("winning"));
    max.set("keepdims", 0);
    if (model.opset() < 18) {
      max.set("axes", new long[] {grid.axis()});
    } else {
      String axes = graph.add(OnnxTensor.ofVector(graph.freshName("class_axis"), grid.axis()));
      max.setInputs(List.of(value, axes));
    }
    value = graph.append(max);
    String full = graph.add(OnnxTensor.ofFloats(graph.freshName("full"), new long[0], 255));
    value = graph.append(new OnnxNode("Mul", List.of(value, full), graph.freshName("scaled")));
    value = graph.append(new OnnxNode("Round", List.of(value), graph.freshName("rounded")));
    graph.append(
        new OnnxNode("Cast", List.of(value), ReleaseFile.CONFIDENCE)
            .set("to", OnnxType.UINT8.number()));
  }

  /// Frees the graph from a batch of one, as far as constants hold it to that: sizes of a Resize
  /// and shapes of a Reshape. Whether this was right is for a run to tell.
  void freeBatch() {
    for (OnnxNode node : List.copyOf(graph.nodes())) {
      switch (node.operator()) {
        case "Resize" -> freeResize(node);
        case "Reshape" -> freeReshape(node);
        default -> {}
      }
    }
  }

  /// Sizes [1,c,h,w] become the first two sizes of the input, then h, w.
  private void freeResize(OnnxNode node) {
    Optional<long[]> sizes =
        node.hasInput(3) && !node.has("axes")
            ? graph.constant(node.input(3)).map(OnnxTensor::longs)
            : Optional.empty();
    if (sizes.isEmpty() || sizes.get().length != 4 || sizes.get()[0] != 1) {
      return;
    }
    String shape = graph.freshName(node.output() + "_shape");
    String kept = graph.freshName(node.output() + "_batch");
    String all = graph.freshName(node.output() + "_sizes");
    String zero = graph.add(OnnxTensor.ofVector(graph.freshName(node.output() + "_zero"), 0));
    String one = graph.add(OnnxTensor.ofVector(graph.freshName(node.output() + "_one"), 1));
    String rest =
        graph.add(
            OnnxTensor.ofVector(
                graph.freshName(node.output() + "_rest"), Arrays.copyOfRange(sizes.get(), 1, 4)));
    graph.insertBefore(node, new OnnxNode("Shape", List.of(node.input(0)), shape));
    graph.insertBefore(node, new OnnxNode("Slice", List.of(shape, zero, one), kept));
    graph.insertBefore(node, new OnnxNode("Concat", List.of(kept, rest), all).set("axis", 0));
    node.setInputs(List.of(node.input(0), node.input(1), node.input(2), all));
  }

  /// A shape [1,...] takes the first size of its input instead, which 0 stands for.
  private void freeReshape(OnnxNode node) {
    Optional<OnnxTensor> shape = graph.constant(node.input(1));
    if (shape.isEmpty() || node.integer("allowzero", 0) != 0) {
      return;
    }
    long[] sizes = shape.get().longs();
    if (sizes.length > 1 && sizes[0] == 1) {
      sizes[0] = 0;
      String freed = graph.freshName(node.output() + "_free");
      node.setInputs(List.of(node.input(0), graph.add(OnnxTensor.ofVector(freed, sizes))));
    }
  }

  /// Declares the outputs and drops what they do not need.
  void finish(List<OnnxValue> outputs) {
    graph.setOutputs(outputs);
    graph.forgetShapes();
    graph.removeUnused();
    for (String domain : model.domains()) {
      if (graph.nodes().stream().noneMatch(node -> node.domain().equals(domain))
          && !domain.isEmpty()) {
        model.removeOperatorSet(domain);
      }
    }
    graph.check();
  }

  static OnnxValue map(
      String name, OnnxDimension batch, OnnxDimension height, OnnxDimension width) {
    return new OnnxValue(name, OnnxType.UINT8, List.of(batch, height, width));
  }
}
