package io.maskstream.trainer.surgery;

import io.maskstream.onnx.OnnxDimension;
import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxType;
import io.maskstream.onnx.OnnxValue;
import io.maskstream.trainer.graph.Trainable;
import java.util.List;

/// What a camera tells besides colours: further planes of the picture, behind red, green and blue
/// (Long, Shelhamer & Darrell 2015, section 5, NYUDv2).
public enum Modality {
  /// One plane of millimetres.
  DEPTH(1),
  /// Three planes of bytes: horizontal disparity, height above ground, angle with gravity.
  HHA(3);

  /// Of the reference nets' nyud_layers.py, as are HHA's.
  private static final float MEAN_OF_LOGARITHMS = 7.844f;

  private static final float[] HHA_MEANS = {132.431f, 94.076f, 118.477f};

  private final int planes;

  Modality(int planes) {
    this.planes = planes;
  }

  int planes() {
    return planes;
  }

  /// Makes a network read its colours from the first three of more planes.
  ///
  /// @return the value with the others
  String split(OnnxGraph graph, Wiring wiring) {
    List<OnnxNode> readers =
        graph.consumers(Trainable.IMAGE).stream()
            .filter(node -> !node.operator().equals("Shape"))
            .toList();
    String colours = sliced(wiring, "colours", 0, 3);
    for (OnnxNode reader : readers) {
      reader.setInputs(
          reader.inputs().stream()
              .map(input -> input.equals(Trainable.IMAGE) ? colours : input)
              .toList());
    }
    graph.setInputs(
        new OnnxValue(
            Trainable.IMAGE,
            OnnxType.FLOAT,
            List.of(
                OnnxDimension.free("N"),
                OnnxDimension.fixed(3 + planes),
                OnnxDimension.free("H"),
                OnnxDimension.free("W"))));
    return sliced(wiring, "others", 3, 3 + planes);
  }

  private static String sliced(Wiring wiring, String name, long from, long to) {
    String start = wiring.vector(name + "_start", from);
    String end = wiring.vector(name + "_end", to);
    String axes = wiring.vector(name + "_axes", 1);
    return wiring.value("Slice", name, Trainable.IMAGE, start, end, axes);
  }

  /// What a network wants of these planes.
  String normalised(Wiring wiring, String others) {
    return switch (this) {
      case DEPTH -> {
        // What is not known is 0, and has no logarithm.
        String least = wiring.floats("depth_least", new long[0], 1);
        String mean = wiring.floats("depth_mean", new long[0], MEAN_OF_LOGARITHMS);
        String logarithm =
            wiring.value("Log", "depth_log", wiring.value("Max", "depth", others, least));
        yield wiring.value("Sub", "depth_centred", logarithm, mean);
      }
      case HHA -> {
        String mean = wiring.floats("hha_mean", new long[] {1, 3, 1, 1}, HHA_MEANS);
        yield wiring.value("Sub", "hha_centred", others, mean);
      }
    };
  }
}
