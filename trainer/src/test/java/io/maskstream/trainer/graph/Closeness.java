package io.maskstream.trainer.graph;

import static org.assertj.core.api.Assertions.assertThat;

/// Compares long arrays of numbers in one pass.
public final class Closeness {

  private Closeness() {}

  /// Asserts that no number differs by more than a part of the largest expected one, or of 1.
  public static void assertClose(float[] actual, float[] expected, double part) {
    assertThat(actual).hasSameSizeAs(expected);
    double most = 0;
    double range = 1;
    int at = 0;
    for (int i = 0; i < expected.length; i++) {
      double difference = Math.abs((double) actual[i] - expected[i]);
      if (!(difference <= most)) {
        most = difference;
        at = i;
      }
      range = Math.max(range, Math.abs(expected[i]));
    }
    assertThat(most)
        .as("difference at %d: %s instead of %s, range %s", at, actual[at], expected[at], range)
        .isLessThanOrEqualTo(part * range);
  }
}
