package io.maskstream.trainer.net;

import io.maskstream.onnx.OnnxModel;
import io.maskstream.trainer.graph.Trainable;

/// The demo's network, to be trained on generated scenes: five stages of two convolutions, each at
/// half the size of the one before, whose scores at stride 32, 16, 8 and 4 are fused by sums as in
/// FCN-8s (Long, Shelhamer & Darrell 2015, figure 3), one step further. 420,000 weights.
public final class SceneNet {

  private static final int[] CHANNELS = {16, 32, 64, 96, 112};

  /// Stages from this on are scored.
  private static final int FINEST = 2;

  private SceneNet() {}

  /// Builds the trainable graph, with random weights; always the same.
  public static OnnxModel build(int classes) {
    Layers layers = new Layers("scene", Trainable.IMAGE, 0);
    String[] stages = new String[CHANNELS.length + 1];
    String x = layers.normalised(Trainable.IMAGE);
    for (int stage = 1; stage <= CHANNELS.length; stage++) {
      int to = CHANNELS[stage - 1];
      x = layers.convNormRelu("stage" + stage + ".1", x, to, Filter.of(3).stride(2));
      x = stage == 1 ? x : layers.convNormRelu("stage" + stage + ".2", x, to, Filter.of(3));
      stages[stage] = x;
    }
    String scores = "";
    for (int stage = CHANNELS.length; stage >= FINEST; stage--) {
      String name = Trainable.SCORE + (1 << stage);
      String own = layers.score(name, stages[stage], classes);
      scores =
          scores.isEmpty()
              ? own
              : layers.add(
                  "fused" + (1 << stage),
                  layers.resizedTo("upscore" + (1 << stage), scores, own),
                  own);
    }
    layers.resizedTo(Trainable.LOGITS, scores, Trainable.IMAGE);
    return layers.model(Layers.pictures(Trainable.LOGITS, classes, -1, "H", "W"));
  }
}
