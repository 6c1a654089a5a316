package io.maskstream.gate;

import io.maskstream.onnx.OnnxDimension;
import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.onnx.OnnxValue;
import io.maskstream.release.InputSize;
import io.maskstream.release.ReleaseFile;
import io.maskstream.video.Size;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Follows the shapes of one frame through the graph, as far as they can be told without running
/// it, and refuses values that are too large, a class map that does not cover the frame pixel by
/// pixel, and more or fewer scores than there are classes.
///
/// Where the size is free, the frame is the largest that the release takes up to 640x480: a bomb
/// does not depend on the frame, and an honest net is judged at a usual size.
final class ShapeCheck {

  private static final Size USUAL = new Size(640, 480);

  private final OnnxGraph graph;
  private final ReleaseFile release;
  private final GateLimits limits;
  private final String source;
  private final Size frame;
  private final Map<String, Known> known = new HashMap<>();
  private final Map<String, OnnxNode> producers = new HashMap<>();

  ShapeCheck(OnnxModel model, ReleaseFile release, GateLimits limits, String source) {
    graph = model.graph();
    this.release = release;
    this.limits = limits;
    this.source = source;
    frame =
        switch (release.inputSize()) {
          case InputSize.Fixed(Size only) -> only;
          case InputSize.Free free -> free.grid().fit(USUAL);
        };
    if (frame.pixels() > limits.framePixels()) {
      throw new RefusedException(
          Reason.INPUT,
          source
              + " takes frames of "
              + frame
              + " at least, more than "
              + limits.framePixels()
              + " pixels; package it with a smaller --multiple");
    }
  }

  void check() {
    known.put(ReleaseFile.INPUT, Known.of(1, new long[] {1, frame.height(), frame.width(), 3}));
    for (OnnxTensor constant : graph.initializers()) {
      known.put(constant.name(), Known.of(constant));
    }
    for (OnnxNode node : graph.nodes()) {
      List<Known> made = node.hasBody() ? List.of() : Shapes.of(node, known);
      for (int i = 0; i < node.outputs().size(); i++) {
        Known output = i < made.size() ? made.get(i) : Known.NOTHING;
        checkBytes(node, output);
        known.put(node.outputs().get(i), output);
        producers.put(node.outputs().get(i), node);
      }
    }
    checkMap();
    checkScores();
  }

  /// The shape of a value for one frame; nothing if only a run can tell.
  Optional<long[]> shape(String value) {
    return known.getOrDefault(value, Known.NOTHING).shape();
  }

  Size frame() {
    return frame;
  }

  private void checkBytes(OnnxNode node, Known output) {
    if (output.bytes() > limits.intermediateBytes()) {
      throw new RefusedException(
          Reason.INTERMEDIATE_BYTES,
          source
              + " makes a value "
              + Arrays.toString(output.shape().orElse(new long[0]))
              + " of "
              + (output.bytes() > 1e18 ? "over 10^18" : String.format("%.0f", output.bytes()))
              + " bytes at node "
              + name(node)
              + " for a frame of "
              + frame
              + ", more than the "
              + limits.intermediateBytes()
              + " that are allowed; export it for a smaller size, or raise the gate's "
              + "intermediate bytes");
    }
  }

  private void checkMap() {
    OnnxValue output =
        graph.outputs().stream()
            .filter(value -> value.name().equals(ReleaseFile.CLASSES))
            .findFirst()
            .orElseThrow();
    List<OnnxDimension> declared = output.shape();
    long[] inferred =
        known
            .getOrDefault(ReleaseFile.CLASSES, Known.NOTHING)
            .shape()
            .orElse(new long[] {1, -1, -1});
    if (inferred.length != 3) {
      throw new RefusedException(
          Reason.OUTPUT_SIZE,
          source
              + " declares "
              + output
              + " but makes "
              + Arrays.toString(inferred)
              + "; package it again");
    }
    checkSide("high", frame.height(), declared.get(1).size(), inferred[1]);
    checkSide("wide", frame.width(), declared.get(2).size(), inferred[2]);
  }

  private void checkSide(String side, int wanted, long declared, long inferred) {
    boolean fixed = release.inputSize() instanceof InputSize.Fixed;
    for (long made : new long[] {fixed ? declared : -1, inferred}) {
      if (made >= 0 && made != wanted && !(limits.coarserMaps() && made >= 1 && made < wanted)) {
        throw new RefusedException(
            Reason.OUTPUT_SIZE,
            source
                + " gives classes "
                + made
                + " pixels "
                + side
                + " for a frame "
                + wanted
                + " "
                + side
                + "; export it with an upsampling to the size of its input, or allow coarser maps "
                + "to the gate");
      }
    }
  }

  /// The classes that the last ArgMax chooses from must be those that the metadata names.
  private void checkScores() {
    Optional<OnnxNode> node = Optional.ofNullable(producers.get(ReleaseFile.CLASSES));
    for (int steps = 0; node.isPresent() && steps < 8; steps++) {
      OnnxNode last = node.get();
      Known scores = known.getOrDefault(last.input(0), Known.NOTHING);
      if (last.operator().equals("ArgMax")) {
        scores.shape().ifPresent(shape -> checkScores(last, shape));
        return;
      }
      node = Optional.ofNullable(producers.get(last.input(0)));
    }
  }

  private void checkScores(OnnxNode argMax, long[] shape) {
    long axis = argMax.integer("axis", 0);
    int place = (int) (axis < 0 ? axis + shape.length : axis);
    int classes = release.palette().size();
    if (place >= 0 && place < shape.length && shape[place] != classes) {
      throw new RefusedException(
          Reason.CLASSES,
          source
              + " scores "
              + shape[place]
              + " classes at node "
              + name(argMax)
              + ", but names "
              + classes
              + "; package it with --classes and as many names");
    }
  }

  private static String name(OnnxNode node) {
    return node.name().isEmpty() ? node.toString() : node.operator() + " " + node.name();
  }
}
