package io.maskstream.bench;

import java.time.Duration;
import java.util.Arrays;

/// Collects durations and tells quantiles. Not thread-safe.
public final class Quantiles {

  private long[] nanos = new long[1024];
  private int count;

  public void add(Duration duration) {
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * count);
    }
    nanos[count++] = duration.toNanos();
  }

  /// The smallest duration, in milliseconds, that at least this share of all does not exceed; 0
  /// without any.
  public double milliseconds(double share) {
    if (count == 0) {
      return 0;
    }
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    return sorted[Math.max(0, (int) Math.ceil(share * count) - 1)] / 1e6;
  }
}
