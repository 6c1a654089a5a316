package io.maskstream.gate;

import io.maskstream.onnx.OnnxDimension;
import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxType;
import io.maskstream.onnx.OnnxValue;
import io.maskstream.release.GoldenFrame;
import io.maskstream.release.GoldenFrames;
import io.maskstream.release.ReleaseException;
import io.maskstream.release.ReleaseFile;
import io.maskstream.release.ReleaseMetadata;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Decides on the bytes of a candidate, in Java, before ONNX Runtime sees one of them.
///
/// ONNX Runtime trusts a graph: 1.29 follows external data of a graph from bytes into the working
/// directory, allocates what a node of a hundred bytes asks for, and runs a Loop for as long as it
/// says. What passes here is whole, keeps the contract of a release, and stays within the limits as
/// far as that can be told without running it; the rest is for the proof, in a process of its own.
///
/// Any bytes give a release or a [RefusedException], and nothing else. Thread-safe.
public final class Gate {

  /// IR version 8 came with opset 15; ONNX Runtime 1.29 reads up to 13.
  private static final int MIN_IR = 8;

  private static final int MAX_IR = 13;

  private static final int MAX_OPSET = 26;

  private final GateLimits limits;

  public Gate(GateLimits limits) {
    this.limits = limits;
  }

  /// Whether a file of this size may be read at all.
  ///
  /// @throws RefusedException if it is empty or too large
  public void checkSize(long bytes, String source) {
    if (bytes == 0) {
      throw new RefusedException(Reason.EMPTY, source + " is empty; fetch or export it again");
    }
    if (bytes > limits.fileBytes()) {
      throw new RefusedException(
          Reason.FILE_SIZE,
          source
              + " has "
              + bytes
              + " bytes, more than the "
              + limits.fileBytes()
              + " that are allowed; export it in 16 bits, or raise the gate's file bytes");
    }
  }

  /// Lets a candidate pass, or refuses it.
  ///
  /// @param source names it in the refusal
  /// @throws RefusedException with the reason
  public ReleaseFile check(byte[] bytes, String source) {
    checkSize(bytes.length, source);
    String other = OnnxModel.whatElse(bytes);
    if (!other.isEmpty()) {
      throw new RefusedException(Reason.NOT_ONNX, source + " is " + other);
    }
    FileWalk walk = new FileWalk(bytes, source, limits);
    try {
      walk.walk();
      OnnxModel model = OnnxModel.read(bytes, source);
      checkVersions(model, walk, source);
      checkGraph(model.graph(), walk, source);
      checkEnds(model.graph(), source);
      checkMetadata(model, walk, source);
      ReleaseFile release = ReleaseFile.of(bytes, source);
      new ShapeCheck(model, release, limits, source).check();
      checkGolden(release, source);
      return release;
    } catch (RefusedException e) {
      throw e;
    } catch (ReleaseException e) {
      throw new RefusedException(Reason.METADATA, String.valueOf(e.getMessage()), e);
    } catch (RuntimeException e) {
      // The walk has let through what a reader behind it refuses, in words of its own.
      throw new RefusedException(
          Reason.NOT_ONNX, source + " cannot be read: " + e.getMessage() + "; export it again", e);
    }
  }

  private static void checkVersions(OnnxModel model, FileWalk walk, String source) {
    if (model.irVersion() < MIN_IR || model.irVersion() > MAX_IR) {
      throw new RefusedException(
          Reason.IR_VERSION,
          source
              + " is of IR version "
              + model.irVersion()
              + ", not "
              + MIN_IR
              + " to "
              + MAX_IR
              + "; export it with another version of onnx");
    }
    if (model.opset() < ReleaseFile.MIN_OPSET || model.opset() > MAX_OPSET) {
      throw new RefusedException(
          Reason.OPSET,
          source
              + " stands on operator set "
              + model.opset()
              + ", not "
              + ReleaseFile.MIN_OPSET
              + " to "
              + MAX_OPSET
              + "; export it for another, such as 17");
    }
    if (model.domains().size() != walk.operatorSets()) {
      throw new RefusedException(
          Reason.OPSET, source + " names an operator set twice; export it again");
    }
  }

  private static void checkGraph(OnnxGraph graph, FileWalk walk, String source) {
    graph.check();
    Set<String> names = new HashSet<>();
    int attributes = 0;
    boolean bodies = false;
    for (OnnxNode node : graph.nodes()) {
      attributes += node.attributeNames().size();
      bodies |= node.hasBody();
      if (!node.name().isEmpty() && !names.add(node.name())) {
        throw new RefusedException(
            Reason.NOT_ONNX,
            source + " has two nodes of the name " + node.name() + "; export it again");
      }
    }
    if (!bodies
        && (attributes != walk.attributes()
            || graph.initializers().size() != walk.initializers())) {
      throw new RefusedException(
          Reason.NOT_ONNX,
          source + " gives a constant or an attribute of a node twice; export it again");
    }
  }

  private void checkEnds(OnnxGraph graph, String source) {
    List<OnnxValue> inputs = graph.inputs();
    if (inputs.size() != 1 || !isFrames(inputs.getFirst())) {
      throw new RefusedException(
          Reason.INPUT,
          source
              + " takes "
              + inputs
              + ", not frames: uint8[N,H,W,3]; package it: maskstream model package");
    }
    List<OnnxDimension> shape = inputs.getFirst().shape();
    if (shape.get(0).size() > 1) {
      throw new RefusedException(
          Reason.INPUT,
          source + " takes " + inputs + ", a batch of several only; export it with a free batch");
    }
    double pixels = (double) shape.get(1).size() * shape.get(2).size();
    if (shape.get(1).isFixed()
        && shape.get(2).isFixed()
        && (pixels > limits.framePixels() || pixels < 1)) {
      throw new RefusedException(
          Reason.INPUT,
          source
              + " takes frames of "
              + shape.get(2)
              + "x"
              + shape.get(1)
              + ", not 1 to "
              + limits.framePixels()
              + " pixels; export it for a smaller size");
    }
    Set<String> names = new HashSet<>();
    for (OnnxValue output : graph.outputs()) {
      boolean known =
          output.name().equals(ReleaseFile.CLASSES) || output.name().equals(ReleaseFile.CONFIDENCE);
      boolean map = output.type() == OnnxType.UINT8 && output.shape().size() == 3;
      if (!known || !map || !names.add(output.name())) {
        throw new RefusedException(
            Reason.OUTPUT,
            source
                + " gives "
                + graph.outputs()
                + ", not classes: uint8[N,h,w] and at most confidence: uint8[N,hc,wc]; package it: "
                + "maskstream model package");
      }
    }
    if (!names.contains(ReleaseFile.CLASSES)) {
      throw new RefusedException(
          Reason.OUTPUT, source + " gives no classes: uint8[N,h,w]; package it again");
    }
  }

  private static boolean isFrames(OnnxValue input) {
    return input.name().equals(ReleaseFile.INPUT)
        && input.type() == OnnxType.UINT8
        && input.shape().size() == 4
        && input.shape().get(3).size() == 3
        && input.shape().get(1).isFixed() == input.shape().get(2).isFixed();
  }

  private static void checkMetadata(OnnxModel model, FileWalk walk, String source) {
    if (model.metadata().size() != walk.metadataEntries()) {
      throw new RefusedException(
          Reason.METADATA, source + " gives an entry of its metadata twice; package it again");
    }
    try {
      if (ReleaseMetadata.classes(model).isEmpty()) {
        throw new RefusedException(
            Reason.CLASSES, source + " names no classes; package it with --classes");
      }
    } catch (IllegalArgumentException e) {
      throw new RefusedException(
          Reason.CLASSES, source + ": " + e.getMessage() + "; package it with --classes", e);
    }
  }

  private void checkGolden(ReleaseFile release, String source) {
    for (GoldenFrame golden : GoldenFrames.of(release)) {
      if (golden.frame().pixels() > limits.framePixels()) {
        throw new RefusedException(
            Reason.METADATA,
            source
                + " has a golden frame of "
                + golden.frame()
                + ", more than "
                + limits.framePixels()
                + " pixels; package it again");
      }
    }
  }
}
