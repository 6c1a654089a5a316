package io.maskstream.trainer.score;

import io.maskstream.score.ConfusionMatrix;
import io.maskstream.score.Scores;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The mean IoU of each picture on its own, to find those worth looking at. Not thread-safe.
public final class PictureScores {

  /// One picture.
  ///
  /// @param index in its set
  /// @param meanIou over the classes that its truth or prediction has
  public record PictureScore(int index, String name, double meanIou) {}

  private final List<PictureScore> scores = new ArrayList<>();

  /// Adds a picture; one whose pixels are all ignored has no score and is left out.
  public void add(int index, String name, ConfusionMatrix ofPicture) {
    double meanIou = Scores.of(ofPicture).meanIou();
    if (!Double.isNaN(meanIou)) {
      scores.add(new PictureScore(index, name, meanIou));
    }
  }

  /// The lowest, lowest first.
  public List<PictureScore> worst(int count) {
    return sorted().stream().limit(count).toList();
  }

  /// Those around the median, lowest first, without the worst ones.
  ///
  /// @param without how many of the worst are shown already
  public List<PictureScore> typical(int count, int without) {
    List<PictureScore> sorted = sorted();
    int first = Math.max(without, (sorted.size() - count) / 2);
    return sorted.stream().skip(first).limit(count).toList();
  }

  private List<PictureScore> sorted() {
    return scores.stream()
        .sorted(
            Comparator.comparingDouble(PictureScore::meanIou).thenComparingInt(PictureScore::index))
        .toList();
  }
}
