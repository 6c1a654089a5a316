package io.maskstream.trainer.export;

import io.maskstream.onnx.OnnxDimension;
import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxType;
import io.maskstream.onnx.OnnxValue;
import io.maskstream.release.ReleaseFile;
import io.maskstream.trainer.autograd.TorchGraph;
import java.util.Arrays;
import java.util.List;

/// Takes a release's input and outputs off again, so that the net within can learn on: `image` as
/// floats in, `logits` out.
public final class ReleaseEnds {

  private static final long[] TO_PLANES = {0, 3, 1, 2};

  private ReleaseEnds() {}

  /// Whether the graph takes frames as bytes and gives classes.
  public static boolean areOn(OnnxModel model) {
    List<OnnxValue> inputs = model.graph().inputs();
    return inputs.size() == 1
        && inputs.getFirst().name().equals(ReleaseFile.INPUT)
        && inputs.getFirst().type() == OnnxType.UINT8
        && model.graph().outputs().stream()
            .anyMatch(output -> output.name().equals(ReleaseFile.CLASSES));
  }

  /// The net of a release, trainable; the given one is left as it was.
  ///
  /// @param source names it in errors
  public static OnnxModel strip(OnnxModel release, String source) {
    OnnxModel model = release.copy();
    OnnxGraph graph = model.graph();
    stripFront(graph, source);
    stripBack(graph, ReleaseFile.of(release.toBytes(), source).palette().size(), source);
    graph.forgetShapes();
    graph.removeUnused();
    graph.check();
    return model;
  }

  private static void stripFront(OnnxGraph graph, String source) {
    List<OnnxDimension> shape = graph.inputs().getFirst().shape();
    OnnxNode planes = only(graph, ReleaseFile.INPUT, source);
    if (!planes.operator().equals("Transpose")
        || !Arrays.equals(planes.integers("perm").orElse(new long[0]), TO_PLANES)) {
      throw refused(source, "its frames go into " + planes + " and not into planes of colour");
    }
    OnnxNode floats = only(graph, planes.output(), source);
    while (floats.operator().equals("Gather")) {
      floats = only(graph, floats.output(), source);
    }
    if (!floats.operator().equals("Cast") || floats.integer("to", 0) != OnnxType.FLOAT.number()) {
      throw refused(source, "its bytes go into " + floats + " and do not become floats");
    }
    OnnxNode cast = floats;
    graph.remove(planes);
    graph.remove(cast);
    graph.redirect(cast.output(), cast.input(0));
    String image = TorchGraph.IMAGE;
    if (!planes.output().equals(image)) {
      graph.rename(image, graph.freshName(image));
    }
    graph.redirect(planes.output(), image);
    graph.setInputs(
        new OnnxValue(
            image,
            OnnxType.FLOAT,
            List.of(shape.get(0), OnnxDimension.fixed(3), shape.get(1), shape.get(2))));
  }

  private static OnnxNode only(OnnxGraph graph, String value, String source) {
    List<OnnxNode> readers = graph.consumers(value);
    if (readers.size() != 1) {
      throw refused(source, value + " is read by " + readers.size() + " nodes");
    }
    return readers.getFirst();
  }

  private static void stripBack(OnnxGraph graph, int classes, String source) {
    OnnxNode node = graph.producer(ReleaseFile.CLASSES).orElseThrow();
    while (node.operator().equals("Cast") || node.operator().equals("Squeeze")) {
      String behind = node.input(0);
      node =
          graph.producer(behind).orElseThrow(() -> refused(source, "nothing computes its classes"));
    }
    if (!node.operator().equals("ArgMax") || node.integer("axis", 0) != 1) {
      throw refused(source, "its classes come from " + node + " and not from scores");
    }
    String scores = node.input(0);
    String logits = TorchGraph.LOGITS;
    if (!scores.equals(logits)) {
      graph.rename(logits, graph.freshName(logits));
      graph.rename(scores, logits);
    }
    graph.setOutputs(
        List.of(
            new OnnxValue(
                logits,
                OnnxType.FLOAT,
                List.of(
                    OnnxDimension.free("N"),
                    OnnxDimension.fixed(classes),
                    OnnxDimension.free("H"),
                    OnnxDimension.free("W")))));
  }

  private static ExportException refused(String source, String why) {
    return new ExportException(
        source
            + " cannot be trained on: "
            + why
            + "; start from the graph that it was packaged from, or from best.onnx of its training");
  }
}
