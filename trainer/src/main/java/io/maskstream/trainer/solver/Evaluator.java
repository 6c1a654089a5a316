package io.maskstream.trainer.solver;

import io.maskstream.painting.RgbPicture;
import io.maskstream.trainer.autograd.Mode;
import io.maskstream.trainer.autograd.TorchGraph;
import io.maskstream.trainer.data.LabelledPicture;
import io.maskstream.trainer.data.LabelledSet;
import io.maskstream.trainer.score.ConfusionMatrix;
import java.nio.ByteBuffer;
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

  /// Sees every prediction, for sheets of pictures.
  public interface Audience {
    void see(int index, LabelledPicture truth, byte[] prediction);
  }

  private final LabelledSet set;

  public Evaluator(LabelledSet set) {
    this.set = set;
  }

  public ConfusionMatrix judge(TorchGraph graph) {
    return judge(graph, (index, truth, prediction) -> {});
  }

  /// Compares every picture of the set with its labels.
  public ConfusionMatrix judge(TorchGraph graph, Audience audience) {
    ConfusionMatrix matrix = new ConfusionMatrix(set.classes().size());
    for (int i = 0; i < set.size(); i++) {
      LabelledPicture truth = set.read(i);
      byte[] prediction = classes(graph, truth.picture());
      matrix.add(truth.labels().classes(), prediction);
      audience.see(i, truth, prediction);
    }
    return matrix;
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
