package io.maskstream.camera;

import java.util.Locale;

/// How fast files and generated scenes are published, as a multiple of real time. A camera sets its
/// own pace.
///
/// @param rate 1 is real time; infinite is as fast as possible
public record Pace(double rate) {

  public static final Pace REAL_TIME = new Pace(1);
  public static final Pace MAX = new Pace(Double.POSITIVE_INFINITY);

  public Pace {
    if (!(rate > 0)) {
      throw new IllegalArgumentException("rate is not positive: " + rate);
    }
  }

  /// Reads `max` or a positive number.
  ///
  /// @throws IllegalArgumentException if it is neither
  public static Pace parse(String text) {
    if (text.toLowerCase(Locale.ROOT).equals("max")) {
      return MAX;
    }
    try {
      return new Pace(Double.parseDouble(text));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("rate is neither a number nor max: " + text, e);
    }
  }

  /// How long to wait with a picture.
  ///
  /// @param mediaNanos how long after the first picture it is shown
  /// @param elapsedNanos since the first picture was published
  long delayNanos(long mediaNanos, long elapsedNanos) {
    return Math.max(0, (long) (mediaNanos / rate) - elapsedNanos);
  }
}
