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
  private final OnnxValue output;
  private final int classes;
  private final String suffix;

  /// @param output scores of the picture's size
  /// @param classes that they tell apart
  Head(OnnxModel model, Shapes shapes, FcnOptions options, String output, int classes) {
    graph = model.graph();
    wiring = new Wiring(graph);
    this.shapes = shapes;
    this.options = options;
    this.output = scores(output, classes);
    this.classes = classes;
    suffix = output.equals(Trainable.LOGITS) ? "" : "_" + output;
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
  ///
  /// @return its output
  OnnxValue write(String features, List<Tap> taps, AxisPlan y, AxisPlan x) {
    String scores = score(Trainable.SCORE + suffix, features, features);
    for (int i = 0; i < taps.size(); i++) {
      scores = fuse(scores, taps.get(i), y.fusions().get(i), x.fusions().get(i));
    }
    String full = upscore(Trainable.UPSCORE + suffix, scores, y.last(), x.last());
    String sides = wiring.sides(Trainable.IMAGE);
    String cropped = wiring.crop("cropped" + suffix, full, y.crop(), x.crop(), sides);
    graph.append(new OnnxNode("Identity", List.of(cropped), output.name()));
    return output;
  }

  /// The output of every trainable graph.
  static OnnxValue logits(long classes) {
    return scores(Trainable.LOGITS, classes);
  }

  private static OnnxValue scores(String name, long classes) {
    return new OnnxValue(
        name,
        OnnxType.FLOAT,
        List.of(
            OnnxDimension.free("N"),
            OnnxDimension.fixed(classes),
            OnnxDimension.free("H"),
            OnnxDimension.free("W")));
  }

  private String score(String name, String value, String original) {
    long channels = shapes.of(original)[1];
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
    String name = Trainable.SCORE + tap.stride() + suffix;
    String value = tap.value();
    float scale = options.skipScales().getOrDefault(tap.stride(), 1f);
    if (scale != 1) {
      String factor = wiring.floats(name + "_scale", new long[0], scale);
      value = wiring.value("Mul", name + "_scaled", value, factor);
    }
    String skip = begun(score(name, value, tap.value()), y.dropSkip(), x.dropSkip());
    String upscored =
        upscore(Trainable.UPSCORE + tap.stride() + suffix, scores, y.upscoring(), x.upscoring());
    Extent extent = y.extent() == x.extent() ? y.extent() : Extent.SMALLER;
    long[] skipStart = {Math.max(0, y.dropSkip()), Math.max(0, x.dropSkip())};
    long[] upscoredStart = {0, 0};
    String sides =
        switch (extent) {
          case UPSCORED -> left(upscored, upscoredStart);
          case SKIP -> left(skip, skipStart);
          case SMALLER ->
              wiring.value(
                  "Min", name + "_sides", left(upscored, upscoredStart), left(skip, skipStart));
        };
    return wiring.value(
        options.variant().fusion().operator(),
        "fuse" + tap.stride() + suffix,
        cropped(upscored, upscoredStart, sides, extent == Extent.UPSCORED),
        cropped(skip, skipStart, sides, extent == Extent.SKIP));
  }

  /// The skip with zeros where the upscored scores begin before it.
  private String begun(String skip, long dropY, long dropX) {
    if (dropY >= 0 && dropX >= 0) {
      return skip;
    }
    String pads =
        wiring.vector(skip + "_pads", 0, 0, Math.max(0, -dropY), Math.max(0, -dropX), 0, 0, 0, 0);
    return wiring.value("Pad", skip + "_begun", skip, pads);
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
