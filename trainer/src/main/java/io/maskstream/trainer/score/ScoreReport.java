package io.maskstream.trainer.score;

import io.maskstream.release.Palette;
import io.maskstream.score.ConfusionMatrix;
import io.maskstream.score.Scores;
import io.maskstream.score.Scores.ClassScore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// What a net scored, to be read.
///
/// @param classes as many as the confusion matrix has
/// @param pictures that were predicted
public record ScoreReport(Palette classes, int pictures, ConfusionMatrix matrix) {

  public ScoreReport {
    if (classes.size() != matrix.classes()) {
      throw new IllegalArgumentException(
          "report names %d classes, the confusion matrix has %d"
              .formatted(classes.size(), matrix.classes()));
    }
  }

  public Scores scores() {
    return Scores.of(matrix);
  }

  /// A line a class, with the class that most of its missed pixels were taken for; then the four
  /// metrics.
  public String text() {
    Scores scores = scores();
    int width = classes.names().stream().mapToInt(String::length).max().orElse(0);
    width = Math.max(width, "CLASS".length());
    String row = "%-" + width + "s  %6s  %8s  %9s  %7s  %s%n";
    StringBuilder text = new StringBuilder();
    line(text, row, "CLASS", "IOU", "ACCURACY", "PRECISION", "SHARE", "MOST TAKEN FOR");
    for (int id = 0; id < classes.size(); id++) {
      ClassScore score = scores.perClass().get(id);
      line(
          text,
          row,
          classes.names().get(id),
          number(score.iou()),
          number(score.accuracy()),
          number(score.precision()),
          percent(score.truth() / (double) scores.pixels()),
          mostTakenFor(id, score));
    }
    line(text, "%n");
    line(text, "mean IoU                %s%n", number(scores.meanIou()));
    line(text, "pixel accuracy          %s%n", number(scores.pixelAccuracy()));
    line(text, "mean accuracy           %s%n", number(scores.meanAccuracy()));
    line(text, "frequency-weighted IoU  %s%n", number(scores.frequencyWeightedIou()));
    line(text, "pictures %d, pixels %d%n", pictures, scores.pixels());
    return text.toString().replaceAll(" +\n", "\n");
  }

  /// For programs; the keys stay as they are. A metric that is NaN is null.
  public Map<String, Object> properties() {
    Scores scores = scores();
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("pictures", pictures);
    properties.put("pixels", scores.pixels());
    properties.put("mean_iou", scores.meanIou());
    properties.put("pixel_accuracy", scores.pixelAccuracy());
    properties.put("mean_accuracy", scores.meanAccuracy());
    properties.put("frequency_weighted_iou", scores.frequencyWeightedIou());
    properties.put(
        "classes",
        IntStream.range(0, classes.size()).mapToObj(id -> classProperties(id, scores)).toList());
    properties.put(
        "confusion",
        IntStream.range(0, classes.size())
            .mapToObj(i ->
                LongStream.range(0, classes.size() + 1L)
                    .map(j -> matrix.count(i, (int) j))
                    .boxed()
                    .toList())
            .toList());
    return properties;
  }

  public String json() {
    return Json.write(properties());
  }

  private Map<String, Object> classProperties(int id, Scores scores) {
    ClassScore score = scores.perClass().get(id);
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("id", id);
    one.put("name", classes.names().get(id));
    one.put("iou", score.iou());
    one.put("accuracy", score.accuracy());
    one.put("precision", score.precision());
    one.put("pixels", score.truth());
    return one;
  }

  private String mostTakenFor(int id, ClassScore score) {
    List<Integer> others =
        IntStream.rangeClosed(0, classes.size()).filter(j -> j != id).boxed().toList();
    int most = others.getFirst();
    for (int other : others) {
      most = matrix.count(id, other) > matrix.count(id, most) ? other : most;
    }
    long taken = matrix.count(id, most);
    return taken == 0
        ? ""
        : "%s %s"
            .formatted(
                most == classes.size() ? "no class" : classes.names().get(most),
                percent(taken / (double) score.truth()));
  }

  private static String number(double metric) {
    return Double.isNaN(metric) ? "-" : String.format(Locale.ROOT, "%.4f", metric);
  }

  private static String percent(double share) {
    return Double.isNaN(share) ? "-" : String.format(Locale.ROOT, "%.2f %%", 100 * share);
  }

  private static void line(StringBuilder text, String format, Object... values) {
    text.append(String.format(Locale.ROOT, format.replace("%n", "\n"), values));
  }
}
