package io.maskstream.trainer.surgery;

import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.trainer.graph.Trainable;
import io.maskstream.trainer.surgery.RetargetOptions.Sizes;
import java.util.Arrays;
import java.util.List;

/// Brings a picture to a size that the network takes, and its scores back to the picture's.
final class Fitting {

  private final OnnxGraph graph;
  private final Wiring wiring;
  private final Front front;
  private final RetargetOptions options;
  private final long[] steps;
  private String enlarged = "";

  /// @param steps pixels from one cell of the network's coarsest map to the next, down and across
  Fitting(OnnxGraph graph, Front front, RetargetOptions options, long[] steps) {
    this.graph = graph;
    wiring = new Wiring(graph);
    this.front = front;
    this.options = options;
    this.steps = steps;
  }

  /// Fits the normalised picture.
  String fit(String picture) {
    if (options.sizes() == Sizes.OWN) {
      String own = wiring.vector("own_sides", front.height(), front.width());
      return wiring.resize("picture_own", picture, own).output();
    }
    enlarged = picture;
    if (options.enlarge() != 1) {
      float f = options.enlarge();
      String scales = wiring.floats("enlarge", new long[] {4}, 1, 1, f, f);
      OnnxNode larger = wiring.node("Resize", "picture_enlarged", picture, "", scales);
      enlarged = larger.set("mode", "linear").output();
    }
    return front.sized() ? padded() : enlarged;
  }

  /// Sides that leave the remainder of the network's own, divided by its coarsest step, behave in
  /// it as its own do.
  private String padded() {
    long[] own = {front.height() % steps[0], front.width() % steps[1]};
    return wiring.fitted(enlarged, own, steps);
  }

  /// Makes scores of the picture's size the output.
  ///
  /// @param scoreSides of the scores at the network's own size
  void finish(String scores, long[] scoreSides) {
    boolean full = Arrays.equals(scoreSides, new long[] {front.height(), front.width()});
    boolean crops = options.sizes() == Sizes.FREE && front.sized() && full;
    String value =
        crops ? wiring.crop("scores_cropped", scores, 0, 0, wiring.sides(enlarged)) : scores;
    if (!crops || options.enlarge() != 1) {
      value = wiring.resize("scores_sized", value, wiring.sides(Trainable.IMAGE)).output();
    }
    graph.append(new OnnxNode("Identity", List.of(value), Trainable.LOGITS));
  }
}
