package io.maskstream.trainer.export;

import io.maskstream.inference.OrtGraphRunner;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.painting.RgbPicture;
import io.maskstream.release.Packaged;
import io.maskstream.release.Packager;
import io.maskstream.release.PackagingOptions;
import io.maskstream.release.PackagingOptions.Channels;
import io.maskstream.release.PackagingOptions.Normalisation;
import io.maskstream.release.Palette;
import io.maskstream.trainer.autograd.Placement;
import io.maskstream.trainer.autograd.TorchGraph;
import io.maskstream.trainer.solver.Evaluator;
import io.maskstream.trainer.surgery.BatchNormFolding;
import io.maskstream.trainer.surgery.Pruning;
import java.util.List;
import java.util.Map;

/// Makes a release of a trained graph: batch normalisation folded into convolutions, bytes in,
/// classes and confidence out. Nothing is given that does not say the same as the trained graph.
public final class Exporter {

  /// Scores closer than this, against the largest, tie: two libraries round differently.
  private static final float TIE = 1e-4f;

  private Exporter() {}

  /// A release that has been made and found to agree, and not yet been written.
  public record Exported(Packaged packaged, Agreement agreement) {}

  /// @param trained `image` in, `logits` out
  /// @param source names it in errors and in the release
  /// @param story what else the release says of itself, by key
  /// @param pictures to compare on; at least one, real ones best
  /// @throws ExportException if release and trained graph differ
  public static Exported export(
      OnnxModel trained,
      String source,
      String name,
      String version,
      Palette palette,
      Map<String, String> story,
      List<RgbPicture> pictures) {
    OnnxModel folded = trained.copy();
    Pruning.to(folded, List.of(TorchGraph.LOGITS));
    BatchNormFolding.apply(folded.graph());
    folded.metadata().putAll(story);
    PackagingOptions options =
        PackagingOptions.of(name, version)
            .with(Normalisation.of(0, 1))
            .with(Channels.RGB)
            .with(palette)
            .withMultiple(1);
    Packaged packaged = new Packager(new OrtGraphRunner()).pack(folded.toBytes(), source, options);
    return new Exported(packaged, refuseDifference(trained, source, packaged, pictures));
  }

  static Agreement refuseDifference(
      OnnxModel trained, String source, Packaged packaged, List<RgbPicture> pictures) {
    Agreement agreement = compare(trained, packaged, pictures);
    if (agreement.differing() > 0) {
      throw new ExportException(
          "the release of "
              + source
              + " does not say what the trained graph says, nothing was written: "
              + agreement
              + "; this is a fault of the exporter, please report the graph's operators: "
              + trained.graph().nodes().stream().map(n -> n.operator()).distinct().toList());
    }
    return agreement;
  }

  private static Agreement compare(
      OnnxModel trained, Packaged packaged, List<RgbPicture> pictures) {
    Agreement agreement = Agreement.NOTHING;
    try (TorchGraph graph = TorchGraph.load(trained, Placement.cpu());
        ReleaseRun release = new ReleaseRun(packaged.release())) {
      for (RgbPicture picture : pictures) {
        float[] scores = Evaluator.scores(graph, picture);
        agreement = agreement.plus(compare(scores, release.classes(picture)));
      }
    }
    return agreement;
  }

  /// @param scores class-major
  private static Agreement compare(float[] scores, byte[] made) {
    int pixels = made.length;
    int classes = scores.length / pixels;
    float largest = 0;
    for (float score : scores) {
      largest = Math.max(largest, Math.abs(score));
    }
    long differing = 0;
    long ties = 0;
    for (int pixel = 0; pixel < pixels; pixel++) {
      float best = Float.NEGATIVE_INFINITY;
      for (int k = 0; k < classes; k++) {
        best = Math.max(best, scores[k * pixels + pixel]);
      }
      float given = scores[Byte.toUnsignedInt(made[pixel]) * pixels + pixel];
      if (best - given > TIE * largest) {
        differing++;
      } else if (given < best) {
        ties++;
      }
    }
    return new Agreement(1, pixels, differing, ties);
  }
}
