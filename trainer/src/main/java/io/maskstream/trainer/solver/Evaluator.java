package io.maskstream.trainer.solver;

import io.maskstream.painting.RgbPicture;
import io.maskstream.score.ConfusionMatrix;
import io.maskstream.trainer.autograd.Mode;
import io.maskstream.trainer.autograd.TorchGraph;
import io.maskstream.trainer.data.LabelledPicture;
import io.maskstream.trainer.data.LabelledSet;
import java.util.Map;
import java.util.Set;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// Judges a graph on whole pictures at their own size, in float32.
public final class Evaluator {

  /// Whatever gives every pixel of a picture a class.
  @FunctionalInterface
  public interface Predictor {

    /// The class of every pixel, row-major.
    byte[] classes(RgbPicture picture);
  }

  /// Sees every picture judged.
  @FunctionalInterface
  public interface Audience {

    /// @param index of the picture in its set
    void see(int index, String name, ConfusionMatrix ofPicture);
  }

  private final LabelledSet set;

  public Evaluator(LabelledSet set) {
    this.set = set;
  }

  /// Compares every picture of the set with its labels.
  public ConfusionMatrix judge(TorchGraph graph) {
    return judge(picture -> classes(graph, picture), (index, name, matrix) -> {});
  }

  /// Compares every picture of the set with its labels.
  public ConfusionMatrix judge(Predictor predictor, Audience audience) {
    ConfusionMatrix all = new ConfusionMatrix(set.classes().size());
    for (int i = 0; i < set.size(); i++) {
      LabelledPicture truth = set.read(i);
      ConfusionMatrix one = new ConfusionMatrix(set.classes().size());
      one.add(truth.labels().classes(), predictor.classes(truth.picture()));
      all.add(one);
      audience.see(i, truth.name(), one);
    }
    return all;
  }

  /// The class of every pixel, row-major.
  public static byte[] classes(TorchGraph graph, RgbPicture picture) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      Tensor ids =
          torch
              .argmax(logits(graph, picture), new LongOptional(1), false)
              .to(ScalarType.Byte)
              .cpu()
              .contiguous();
      byte[] classes = new byte[picture.width() * picture.height()];
      ids.data_ptr_byte().get(classes);
      return classes;
    }
  }

  /// The scores of every class, class-major and row-major.
  public static float[] scores(TorchGraph graph, RgbPicture picture) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      Tensor logits = logits(graph, picture).to(ScalarType.Float).cpu().contiguous();
      float[] scores = new float[Math.toIntExact(logits.numel())];
      logits.data_ptr_float().get(scores);
      return scores;
    }
  }

  /// Made in the caller's scope.
  private static Tensor logits(TorchGraph graph, RgbPicture picture) {
    Tensor image = Images.tensor(picture, graph.placement());
    Tensor logits =
        graph
            .forward(Map.of(TorchGraph.IMAGE, image), Mode.EVALUATION, Set.of(TorchGraph.LOGITS))
            .get(TorchGraph.LOGITS);
    if (logits == null) {
      throw new IllegalStateException("graph gave no " + TorchGraph.LOGITS);
    }
    return logits;
  }
}
