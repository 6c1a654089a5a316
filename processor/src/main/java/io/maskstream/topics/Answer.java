package io.maskstream.topics;

import io.maskstream.wire.FrameStatistics;
import io.maskstream.wire.Mask;
import java.time.Instant;

/// One committed record of the output topics, as [AnswerReader] hands it over.
public sealed interface Answer {

  Place place();

  /// Where a record lies.
  ///
  /// @param timestamp of the record: the capture time, as far as Kafka takes it
  public record Place(String topic, int partition, long offset, Instant timestamp) {

    @Override
    public String toString() {
      return topic + "-" + partition + "@" + offset;
    }
  }

  /// A mask or a marker.
  ///
  /// @param bytes of the record's value
  record OfMask(Place place, Mask mask, int bytes) implements Answer {}

  /// The statistics of a mask or a marker.
  record OfStatistics(Place place, FrameStatistics statistics) implements Answer {}

  /// A record that someone else has put there.
  ///
  /// @param reason why it cannot be read
  record Unreadable(Place place, String reason) implements Answer {}
}
