package io.maskstream.camera;

import java.time.Duration;

/// How long to wait before a camera is tried again: twice as long after every failure, up to a
/// longest wait, and spread at random over the upper half of it, so that the cameras of one failed
/// network do not come back in step.
///
/// @param first the wait after the first failure, before it is spread
/// @param longest the longest wait
/// @param settled a session that lasted so long forgets the failures before it
public record Backoff(Duration first, Duration longest, Duration settled) {

  public static final Backoff STANDARD =
      new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30), Duration.ofSeconds(30));

  private static final int MOST_DOUBLINGS = 30;

  public Backoff {
    if (!first.isPositive() || longest.compareTo(first) < 0) {
      throw new IllegalArgumentException(
          "backoff is not a rising wait: first=" + first + " longest=" + longest);
    }
  }

  /// @param failures how many in a row, from 1
  /// @param random from 0 to 1
  public Duration delay(int failures, double random) {
    double doubled = first.toNanos() * (double) (1L << Math.min(MOST_DOUBLINGS, failures - 1));
    double longestWait = Math.min(longest.toNanos(), doubled);
    return Duration.ofNanos(Math.round(longestWait * (0.5 + 0.5 * random)));
  }
}
