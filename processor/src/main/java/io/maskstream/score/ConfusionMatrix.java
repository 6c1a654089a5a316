package io.maskstream.score;

import java.util.Arrays;

/// Counts n_ij: pixels of class i that were predicted as class j.
///
/// Pixels whose truth is 255 are left out. A prediction of 255 is no class: the pixel counts among
/// those of its true class and among no class's predictions. Not thread-safe; make one a thread and
/// add them up.
public final class ConfusionMatrix {

  /// A truth that does not count.
  public static final int IGNORE = 255;

  private final int classes;

  /// Row-major by truth; the last column counts predictions of no class.
  private final long[] counts;

  public ConfusionMatrix(int classes) {
    if (classes < 1 || classes > IGNORE) {
      throw new IllegalArgumentException("classes must be 1 to 255: " + classes);
    }
    this.classes = classes;
    this.counts = new long[classes * (classes + 1)];
  }

  public int classes() {
    return classes;
  }

  /// Adds the pixels of one picture.
  ///
  /// @param truth class ids, 255 = ignore
  /// @param prediction class ids of the same pixels
  public void add(byte[] truth, byte[] prediction) {
    if (truth.length != prediction.length) {
      throw new IllegalArgumentException(
          "truth and prediction differ in pixels: truth=%d prediction=%d"
              .formatted(truth.length, prediction.length));
    }
    for (int i = 0; i < truth.length; i++) {
      int of = truth[i] & 0xff;
      if (of != IGNORE) {
        int as = prediction[i] & 0xff;
        if (of >= classes || as >= classes && as != IGNORE) {
          throw new IllegalArgumentException(
              "class is out of range: truth=%d prediction=%d pixel=%d classes=%d"
                  .formatted(of, as, i, classes));
        }
        counts[of * (classes + 1) + Math.min(as, classes)]++;
      }
    }
  }

  /// Adds all that another has counted.
  public void add(ConfusionMatrix other) {
    if (other.classes != classes) {
      throw new IllegalArgumentException(
          "confusion matrices differ in classes: %d and %d".formatted(classes, other.classes));
    }
    Arrays.setAll(counts, i -> counts[i] + other.counts[i]);
  }

  /// Pixels of a class that were predicted as another, or as itself.
  public long count(int truth, int prediction) {
    return counts[truth * (classes + 1) + prediction];
  }

  /// Pixels of a class: t_i.
  public long ofClass(int truth) {
    long sum = 0;
    for (int j = 0; j <= classes; j++) {
      sum += counts[truth * (classes + 1) + j];
    }
    return sum;
  }

  /// Pixels predicted as a class: the sum of its column.
  public long asClass(int prediction) {
    long sum = 0;
    for (int i = 0; i < classes; i++) {
      sum += count(i, prediction);
    }
    return sum;
  }

  /// All pixels that count.
  public long pixels() {
    return Arrays.stream(counts).sum();
  }
}
