package io.maskstream.demo;

import io.maskstream.painting.ClassPicture;
import io.maskstream.score.ConfusionMatrix;
import io.maskstream.score.Scores;
import io.maskstream.wire.Mask;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Mean IoU of each release that serves, over masks of generated cameras. Not thread-safe.
final class LiveScore {

  /// Drawing a truth takes as long as segmenting a picture, so only some are drawn.
  private static final int EVERY = 5;

  private final int classes;
  private final Map<String, Judged> releases = new LinkedHashMap<>();

  private static final class Judged {

    private final ConfusionMatrix matrix;
    private long masks;

    Judged(int classes) {
      matrix = new ConfusionMatrix(classes);
    }

    double meanIou() {
      return Scores.of(matrix).meanIou();
    }
  }

  /// @param classes of the releases
  LiveScore(int classes) {
    this.classes = classes;
  }

  void add(Mask mask) {
    @Nullable ClassPicture made = ClassPicture.of(mask).orElse(null);
    if (made == null || mask.identity().sequence() % EVERY != 0) {
      return;
    }
    Judged judged =
        releases.computeIfAbsent(String.valueOf(mask.release()), _ -> new Judged(classes));
    judged.matrix.add(
        Truth.of(mask.identity(), made.width(), made.height()).classes(), made.classes());
    judged.masks++;
  }

  /// By release, in the order of their first mask.
  Map<String, Double> meanIou() {
    Map<String, Double> all = new LinkedHashMap<>();
    releases.forEach((release, judged) -> all.put(release, judged.meanIou()));
    return all;
  }

  @Override
  public String toString() {
    return releases.entrySet().stream()
        .map(entry ->
            String.format(
                Locale.ROOT,
                "%s mean IoU %.3f of %d masks",
                entry.getKey(),
                entry.getValue().meanIou(),
                entry.getValue().masks))
        .collect(Collectors.joining(", "));
  }
}
