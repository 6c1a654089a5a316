package io.maskstream.trainer.surgery;

import io.maskstream.onnx.OnnxDimension;
import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxType;
import io.maskstream.onnx.OnnxValue;
import io.maskstream.trainer.graph.Shapes;
import io.maskstream.trainer.graph.Trainable;
import io.maskstream.trainer.surgery.AxisPlan.Extent;
import io.maskstream.trainer.surgery.AxisPlan.Fusion;
import io.maskstream.trainer.surgery.AxisPlan.Upscoring;
import io.maskstream.trainer.surgery.FcnOptions.Upscore;
import java.util.List;

/// Writes the score layers and what brings their scores to the picture's size.
final class Head {

  private final OnnxGraph graph;
  private final Wiring wiring;
  private final Shapes shapes;
  private final FcnOptions options;

  Head(OnnxModel model, Shapes shapes, FcnOptions options) {
    graph = model.graph();
    wiring = new Wiring(graph);
    this.shapes = shapes;
    this.options = options;
  }

  /// A tap of the trunk.
  ///
  /// @param value its name
  /// @param stride pixels from one cell to the next
  record Tap(String value, int stride) {}

  /// Appends the head.
  ///
  /// @param features what the coarsest scores are made from
  /// @param taps that are fused, coarse to fine
  void write(String features, List<Tap> taps, AxisPlan y, AxisPlan x) {
    String scores = score(Trainable.SCORE, features, features);
    for (int i = 0; i < taps.size(); i++) {
      scores = fuse(scores, taps.get(i), y.fusions().get(i), x.fusions().get(i));
    }
    String full = upscore(Trainable.UPSCORE, scores, y.last(), x.last());
    String sides = wiring.sides(Trainable.IMAGE);
    String cropped = wiring.crop("cropped", full, y.crop(), x.crop(), sides);
    graph.append(new OnnxNode("Identity", List.of(cropped), Trainable.LOGITS));
    graph.setOutputs(List.of(logits(options.classes())));
  }

  /// The output of every trainable graph.
  static OnnxValue logits(long classes) {
    return new OnnxValue(
        Trainable.LOGITS,
        OnnxType.FLOAT,
        List.of(
            OnnxDimension.free("N"),
            OnnxDimension.fixed(classes),
            OnnxDimension.free("H"),
            OnnxDimension.free("W")));
  }

  private String score(String name, String value, String original) {
    long channels = shapes.of(original)[1];
    int classes = options.classes();
    String weight =
        wiring.floats(
            name + ".weight",
            new long[] {classes, channels, 1, 1},
            new float[Math.toIntExact(classes * channels)]);
    String bias = wiring.floats(name + ".bias", new long[] {classes}, new float[classes]);
    OnnxNode node = wiring.node("Conv", name, value, weight, bias);
    node.set("kernel_shape", new long[] {1, 1});
    return node.output();
  }

  private String fuse(String scores, Tap tap, Fusion y, Fusion x) {
    String name = Trainable.SCORE + tap.stride();
    String value = tap.value();
    float scale = options.skipScales().getOrDefault(tap.stride(), 1f);
    if (scale != 1) {
      String factor = wiring.floats(name + "_scale", new long[0], scale);
      value = wiring.value("Mul", name + "_scaled", value, factor);
    }
    String skip = score(name, value, tap.value());
    String upscored =
        upscore(Trainable.UPSCORE + tap.stride(), scores, y.upscoring(), x.upscoring());
    Extent extent = y.extent() == x.extent() ? y.extent() : Extent.SMALLER;
    long[] upscoredStart = {y.dropUpscored(), x.dropUpscored()};
    long[] skipStart = {y.dropSkip(), x.dropSkip()};
    String sides =
        switch (extent) {
          case UPSCORED -> left(upscored, upscoredStart);
          case SKIP -> left(skip, skipStart);
          case SMALLER ->
              wiring.value(
                  "Min", name + "_sides", left(upscored, upscoredStart), left(skip, skipStart));
        };
    return wiring.value(
        "Add",
        "fuse" + tap.stride(),
        cropped(upscored, upscoredStart, sides, extent == Extent.UPSCORED),
        cropped(skip, skipStart, sides, extent == Extent.SKIP));
  }

  private String cropped(String value, long[] start, String sides, boolean toTheEnd) {
    return toTheEnd && start[0] + start[1] == 0
        ? value
        : wiring.crop(value + "_crop", value, start[0], start[1], sides);
  }

  /// The sides of a value less its first cells.
  private String left(String value, long[] start) {
    String sides = wiring.sides(value);
    return start[0] + start[1] == 0
        ? sides
        : wiring.value("Sub", value + "_left", sides, wiring.vector(value + "_drop", start));
  }

  private String upscore(String name, String scores, Upscoring y, Upscoring x) {
    if (y.factor() == 1 && x.factor() == 1) {
      return scores;
    }
    return options.upscore() == Upscore.RESIZE
        ? resize(name, scores, y, x)
        : deconvolve(name, scores, y, x);
  }

  private String deconvolve(String name, String scores, Upscoring y, Upscoring x) {
    int classes = options.classes();
    float[] one = Bilinear.kernel((int) y.kernel(), (int) x.kernel());
    float[] all = new float[classes * one.length];
    for (int k = 0; k < classes; k++) {
      System.arraycopy(one, 0, all, k * one.length, one.length);
    }
    String weight =
        wiring.floats(name + ".weight", new long[] {classes, 1, y.kernel(), x.kernel()}, all);
    OnnxNode node = wiring.node("ConvTranspose", name, scores, weight);
    node.set("group", classes);
    node.set("kernel_shape", new long[] {y.kernel(), x.kernel()});
    node.set("strides", new long[] {y.factor(), x.factor()});
    return node.output();
  }

  private String resize(String name, String scores, Upscoring y, Upscoring x) {
    if (y.byCentres() && x.byCentres()) {
      String scales = wiring.floats(name + "_scales", new long[] {4}, 1, 1, y.factor(), x.factor());
      OnnxNode node = wiring.node("Resize", name, scores, "", scales);
      node.set("mode", "linear").set("coordinate_transformation_mode", "half_pixel");
      return node.output();
    }
    // From the first cell to the last: (cells - 1) * factor + 1 = cells * factor + (1 - factor).
    String factors = wiring.vector(name + "_factors", y.factor(), x.factor());
    String more = wiring.vector(name + "_more", 1 - y.factor(), 1 - x.factor());
    String grown = wiring.value("Mul", name + "_grown", wiring.sides(scores), factors);
    String sides = wiring.value("Add", name + "_sides", grown, more);
    return wiring
        .resize(name, scores, sides)
        .set("coordinate_transformation_mode", "align_corners")
        .output();
  }
}
