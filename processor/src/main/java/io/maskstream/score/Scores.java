package io.maskstream.score;

import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/// The four metrics of Long, Shelhamer & Darrell 2015, section 5, and each class's own.
///
/// With n_ij pixels of class i predicted as j and t_i pixels of class i: pixel accuracy is the sum
/// of n_ii over the sum of t_i; mean accuracy the mean of n_ii / t_i; mean IoU the mean of n_ii /
/// (t_i + sum_j n_ji - n_ii); frequency-weighted IoU the sum of t_i IoU_i over the sum of t_i. What
/// is 0 / 0 is NaN and left out of means: a class that neither truth nor prediction has.
///
/// @param pixels that count
/// @param perClass by class id
public record Scores(
    long pixels,
    double pixelAccuracy,
    double meanAccuracy,
    double meanIou,
    double frequencyWeightedIou,
    List<ClassScore> perClass) {

  public Scores {
    perClass = List.copyOf(perClass);
  }

  /// One class.
  ///
  /// @param truth pixels of the class
  /// @param predicted pixels predicted as the class
  /// @param right pixels of the class predicted as such
  public record ClassScore(long truth, long predicted, long right) {

    /// Share of the class's pixels that were found; NaN if it has none.
    public double accuracy() {
      return right / (double) truth;
    }

    /// Share of what was predicted as the class that is it; NaN if nothing was.
    public double precision() {
      return right / (double) predicted;
    }

    /// Intersection over union; NaN if neither truth nor prediction has the class.
    public double iou() {
      return right / (double) (truth + predicted - right);
    }
  }

  public static Scores of(ConfusionMatrix matrix) {
    return of(matrix, Set.of());
  }

  /// @param uncounted ids of classes that the means of accuracy and IoU leave out
  public static Scores of(ConfusionMatrix matrix, Set<Integer> uncounted) {
    List<ClassScore> perClass =
        IntStream.range(0, matrix.classes())
            .mapToObj(i -> new ClassScore(matrix.ofClass(i), matrix.asClass(i), matrix.count(i, i)))
            .toList();
    long pixels = matrix.pixels();
    long right = perClass.stream().mapToLong(ClassScore::right).sum();
    double weighted =
        perClass.stream()
            .filter(score -> score.truth() > 0)
            .mapToDouble(score -> score.truth() * score.iou())
            .sum();
    return new Scores(
        pixels,
        right / (double) pixels,
        mean(perClass, uncounted, ClassScore::accuracy),
        mean(perClass, uncounted, ClassScore::iou),
        weighted / pixels,
        perClass);
  }

  private static double mean(
      List<ClassScore> perClass, Set<Integer> uncounted, ToDoubleFunction<ClassScore> metric) {
    double sum = 0;
    int count = 0;
    for (int id = 0; id < perClass.size(); id++) {
      double value = metric.applyAsDouble(perClass.get(id));
      if (!Double.isNaN(value) && !uncounted.contains(id)) {
        sum += value;
        count++;
      }
    }
    return sum / count;
  }
}
