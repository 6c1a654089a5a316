package io.maskstream.trainer.export;

import io.maskstream.release.ReleaseFile;
import io.maskstream.score.Scores;
import io.maskstream.trainer.score.ScoreReport;
import java.util.Locale;
import java.util.Optional;

/// What a person should know before using a release (Mitchell et al. 2019), as Markdown.
///
/// @param release that the card is of
/// @param trainedOn name of the pictures that it learnt from
/// @param judgedOn name of the pictures that it was judged on
/// @param report of the release itself, run as the processor runs it; nothing if it was not judged
/// @param agreement with the trained graph
public record ModelCard(
    ReleaseFile release,
    String trainedOn,
    String judgedOn,
    Optional<ScoreReport> report,
    Agreement agreement) {

  /// The whole card.
  public String markdown() {
    StringBuilder card = new StringBuilder();
    line(card, "# %s", release.release().name());
    line(card, "");
    line(card, "Version %s, sha256 `%s`.", release.release().version(), release.release().sha256());
    line(
        card,
        "Semantic segmentation: every pixel of an RGB frame gets one of %d classes.",
        release.palette().size());
    line(card, "");
    line(card, "- trained on: %s", trainedOn);
    release.source().ifPresent(source -> line(card, "- made from: %s", source));
    line(card, "- frames: %s", release.inputSize());
    line(card, "- checked against the trained graph: %s", agreement);
    line(card, "");
    line(card, "## Scores");
    line(card, "");
    if (report.isPresent()) {
      scores(card, report.get());
    } else {
      line(card, "It was not judged. Judge it: `maskstream train eval RELEASE.onnx --data DIR`.");
    }
    line(card, "");
    line(card, "## Limits");
    line(card, "");
    line(
        card,
        "It knows the cameras, the weather and the places of its training pictures; elsewhere it may "
            + "score worse, so judge it on pictures of your own before trusting it. Each pixel gets "
            + "a class even where none fits. The licence of its training pictures and of the graph "
            + "it began with may bind its use.");
    return card.toString();
  }

  private void scores(StringBuilder card, ScoreReport judged) {
    Scores scores = judged.scores();
    line(
        card,
        "On %s, %d pictures: mean IoU %.4f, pixel accuracy %.4f, mean accuracy %.4f, "
            + "frequency-weighted IoU %.4f.",
        judgedOn,
        judged.pictures(),
        scores.meanIou(),
        scores.pixelAccuracy(),
        scores.meanAccuracy(),
        scores.frequencyWeightedIou());
    line(card, "");
    line(card, "| id | class | colour | IoU | share of pixels |");
    line(card, "|---|---|---|---|---|");
    for (int id = 0; id < release.palette().size(); id++) {
      Scores.ClassScore score = scores.perClass().get(id);
      line(
          card,
          "| %d | %s | `#%06x` | %s | %.2f %% |",
          id,
          release.palette().names().get(id),
          release.palette().colors().get(id),
          Double.isNaN(score.iou()) ? "-" : String.format(Locale.ROOT, "%.3f", score.iou()),
          100.0 * score.truth() / scores.pixels());
    }
  }

  private static void line(StringBuilder card, String format, Object... values) {
    card.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
