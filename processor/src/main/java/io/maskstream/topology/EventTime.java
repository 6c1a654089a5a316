package io.maskstream.topology;

import java.time.Duration;
import java.time.Instant;

/// Capture time as Kafka can bear it: a broker refuses a record that is more than an hour ahead of
/// its clock, and with it the whole transaction.
final class EventTime {

  private static final Duration LARGEST_LEAD = Duration.ofMinutes(5);

  private EventTime() {}

  static Instant clamp(Instant captureTime, long nowMillis) {
    Instant latest = Instant.ofEpochMilli(nowMillis).plus(LARGEST_LEAD);
    if (captureTime.isAfter(latest)) {
      return latest;
    }
    return captureTime.isBefore(Instant.EPOCH) ? Instant.EPOCH : captureTime;
  }
}
