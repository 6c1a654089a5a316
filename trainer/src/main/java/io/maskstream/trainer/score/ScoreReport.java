package io.maskstream.trainer.score;

import io.maskstream.release.Palette;
import io.maskstream.score.ConfusionMatrix;
import io.maskstream.score.Scores;
import io.maskstream.score.Scores.ClassScore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/// What a net scored, to be read.
///
/// @param classes as many as the confusion matrix has
/// @param pictures that were predicted
/// @param uncounted ids of classes that means leave out
/// @param shown how the net saw the pictures; empty if whole and at their own size
/// @param boundary where it was asked for
public record ScoreReport(
    Palette classes,
    int pictures,
    ConfusionMatrix matrix,
    Set<Integer> uncounted,
    String shown,
    Optional<BoundaryCounts> boundary) {

  public ScoreReport {
    uncounted = Set.copyOf(uncounted);
    if (classes.size() != matrix.classes()) {
      throw new IllegalArgumentException(
          "report names %d classes, the confusion matrix has %d"
              .formatted(classes.size(), matrix.classes()));
    }
  }

  /// Of whole pictures at their own size, with all classes in the means.
  public ScoreReport(Palette classes, int pictures, ConfusionMatrix matrix) {
    this(classes, pictures, matrix, Set.of(), "", Optional.empty());
  }

  /// The same, with classes left out of means.
  public ScoreReport without(Set<Integer> ids) {
    return new ScoreReport(classes, pictures, matrix, ids, shown, boundary);
  }

  /// The same, saying how the net saw the pictures.
  public ScoreReport shown(String how) {
    return new ScoreReport(classes, pictures, matrix, uncounted, how, boundary);
  }

  /// The same, with boundary IoU.
  public ScoreReport along(BoundaryCounts boundaries) {
    return new ScoreReport(classes, pictures, matrix, uncounted, shown, Optional.of(boundaries));
  }

  public Scores scores() {
    return Scores.of(matrix, uncounted);
  }

  /// Mean of the boundary IoU of the classes that means count; NaN if none has one.
  private double meanBoundaryIou(BoundaryCounts boundaries) {
    return IntStream.range(0, classes.size())
        .filter(id -> !uncounted.contains(id))
        .mapToDouble(boundaries::iou)
        .filter(iou -> !Double.isNaN(iou))
        .average()
        .orElse(Double.NaN);
  }

  /// A line a class, with the class that most of its missed pixels were taken for; then the four
  /// metrics. A star stands before classes that means leave out.
  public String text() {
    Scores scores = scores();
    int width = IntStream.range(0, classes.size()).map(id -> name(id).length()).max().orElse(0);
    width = Math.max(width, "CLASS".length());
    String start = "%-" + width + "s  %6s  ";
    String end = "%8s  %9s  %7s  %s%n";
    StringBuilder text = new StringBuilder();
    line(text, start, "CLASS", "IOU");
    boundary.ifPresent(_ -> line(text, "%8s  ", "BOUNDARY"));
    line(text, end, "ACCURACY", "PRECISION", "SHARE", "MOST TAKEN FOR");
    for (int id = 0; id < classes.size(); id++) {
      ClassScore score = scores.perClass().get(id);
      line(text, start, name(id), number(score.iou()));
      if (boundary.isPresent()) {
        line(text, "%8s  ", number(boundary.get().iou(id)));
      }
      line(
          text,
          end,
          number(score.accuracy()),
          number(score.precision()),
          percent(score.truth() / (double) scores.pixels()),
          mostTakenFor(id, score));
    }
    line(text, "%n");
    line(text, "mean IoU                %s%n", number(scores.meanIou()));
    boundary.ifPresent(
        counts -> line(text, "mean boundary IoU       %s%n", number(meanBoundaryIou(counts))));
    line(text, "pixel accuracy          %s%n", number(scores.pixelAccuracy()));
    line(text, "mean accuracy           %s%n", number(scores.meanAccuracy()));
    line(text, "frequency-weighted IoU  %s%n", number(scores.frequencyWeightedIou()));
    line(text, "pictures %d, pixels %d%n", pictures, scores.pixels());
    if (!uncounted.isEmpty()) {
      line(text, "* not in means%n");
    }
    if (!shown.isEmpty()) {
      line(text, "shown: %s%n", shown);
    }
    return text.toString().replaceAll(" +\n", "\n");
  }

  private String name(int id) {
    return (uncounted.contains(id) ? "*" : "") + classes.names().get(id);
  }

  /// The confusion matrix for people: of the pixels of the class of a row, the percentage that was
  /// predicted as the class of a column. The last column, if there is anything in it, is of pixels
  /// that got no class.
  public String confusion() {
    int columns = classes.size();
    for (int id = 0; id < classes.size(); id++) {
      columns = matrix.count(id, classes.size()) > 0 ? classes.size() + 1 : columns;
    }
    int width = classes.names().stream().mapToInt(String::length).max().orElse(0);
    String start = "%3s %-" + Math.max(width, "PERCENT OF".length()) + "s";
    StringBuilder text = new StringBuilder();
    line(text, start, "", "PERCENT OF");
    for (int j = 0; j < columns; j++) {
      line(text, " %6s", j == classes.size() ? "none" : Integer.toString(j));
    }
    line(text, "%n");
    for (int i = 0; i < classes.size(); i++) {
      line(text, start, i, classes.names().get(i));
      long all = matrix.ofClass(i);
      for (int j = 0; j < columns; j++) {
        long count = matrix.count(i, j);
        double share = 100.0 * count / all;
        line(text, " %6s", count == 0 ? "." : String.format(Locale.ROOT, "%.2f", share));
      }
      line(text, "%n");
    }
    return text.toString();
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
    boundary.ifPresent(counts -> properties.put("mean_boundary_iou", meanBoundaryIou(counts)));
    if (!uncounted.isEmpty()) {
      properties.put(
          "not_in_means", uncounted.stream().sorted().map(id -> classes.names().get(id)).toList());
    }
    if (!shown.isEmpty()) {
      properties.put("shown", shown);
    }
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
    boundary.ifPresent(counts -> one.put("boundary_iou", counts.iou(id)));
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
