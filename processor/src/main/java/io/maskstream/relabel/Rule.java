package io.maskstream.relabel;

import java.time.Duration;

/// When a frame is a candidate for labelling.
///
/// @param every a camera gives one candidate at most in such a span of capture time
/// @param confidenceBelow mean confidence of a mask's pixels below which it is doubtful, 0 to 1
/// @param disagreementAbove share of pixels above which two releases disagree, 0 to 1
public record Rule(Duration every, double confidenceBelow, double disagreementAbove) {

  public static final Rule STANDARD = new Rule(Duration.ofMinutes(5), 0.7, 0.1);

  public Rule {
    if (every.toMillis() < 1) {
      throw new IllegalArgumentException("span is not positive: every=" + every);
    }
    if (!(confidenceBelow >= 0 && confidenceBelow < 1)) {
      throw new IllegalArgumentException(
          "confidence is not 0 to 1, 1 excluded: " + confidenceBelow);
    }
    if (!(disagreementAbove >= 0 && disagreementAbove <= 1)) {
      throw new IllegalArgumentException("disagreement is not 0 to 1: " + disagreementAbove);
    }
  }
}
