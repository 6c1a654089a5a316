package io.maskstream.topics;

import io.maskstream.topics.Answer.Place;
import io.maskstream.wire.FrameStatistics;
import io.maskstream.wire.Mask;
import io.maskstream.wire.WireException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// Reads masks and statistics as they are committed, outside any consumer group: looking leaves no
/// trace on the brokers. One camera's answers of one topic come in their order; masks and their
/// statistics come in any order, and [AnswerJoin] brings them together.
///
/// Not thread-safe; whoever opened it closes it.
public final class AnswerReader implements AutoCloseable {

  private final Brokers brokers;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<TopicPartition> partitions;
  private final String masks;
  private final Set<String> cameras;
  private final Set<String> seen = new TreeSet<>();

  private AnswerReader(
      Brokers brokers,
      KafkaConsumer<byte[], byte[]> consumer,
      List<TopicPartition> partitions,
      Of of) {
    this.brokers = brokers;
    this.consumer = consumer;
    this.partitions = partitions;
    this.masks = of.masks() == null ? "" : of.masks();
    this.cameras = Set.copyOf(of.cameras());
  }

  /// What to read.
  ///
  /// @param masks the masks topic, or null to leave masks out
  /// @param statistics the statistics topic, or null to leave statistics out
  /// @param cameras whose answers are wanted; empty for every camera's
  public record Of(
      @Nullable String masks, @Nullable String statistics, Collection<String> cameras) {

    public Of {
      cameras = List.copyOf(cameras);
      if (masks == null && statistics == null) {
        throw new IllegalArgumentException("neither masks nor statistics are wanted");
      }
    }

    List<String> topics() {
      return Stream.of(masks, statistics).filter(Objects::nonNull).toList();
    }
  }

  /// Where to begin.
  public sealed interface From {

    /// With the oldest answer that is kept.
    record Beginning() implements From {}

    /// With the next one that comes.
    record End() implements From {}

    /// With the first one captured at or after an instant.
    record Since(Instant captureTime) implements From {}
  }

  /// @param client properties of any Kafka client: brokers and security
  /// @throws AnswerException if a topic is missing, or no broker answers for ten seconds
  public static AnswerReader open(Properties client, Of of, From from) {
    Brokers brokers = new Brokers(client);
    KafkaConsumer<byte[], byte[]> consumer = brokers.consumer();
    try {
      List<TopicPartition> partitions = brokers.partitions(consumer, of.topics(), of.cameras());
      AnswerReader reader = new AnswerReader(brokers, consumer, partitions, of);
      consumer.assign(partitions);
      reader.seek(from);
      return reader;
    } catch (RuntimeException e) {
      consumer.close();
      throw e;
    }
  }

  /// Hands over what has come, waiting for it if need be.
  ///
  /// @return records read, those of other cameras included; 0 if none came in time
  public int poll(Duration wait, Consumer<Answer> sink) {
    int count = 0;
    for (ConsumerRecord<byte[], byte[]> record : brokers.asked(() -> consumer.poll(wait))) {
      count++;
      String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
      seen.add(key);
      if (cameras.isEmpty() || cameras.contains(key)) {
        sink.accept(answer(record));
      }
    }
    return count;
  }

  /// Hands over everything that is committed now, and returns.
  ///
  /// @throws AnswerException if the brokers hand out nothing for ten seconds
  public void drain(Consumer<Answer> sink) {
    Map<TopicPartition, Long> ends = brokers.asked(() -> consumer.endOffsets(partitions));
    long missing = missing(ends);
    long progress = System.nanoTime();
    while (missing > 0) {
      poll(Duration.ofMillis(200), sink);
      long left = missing(ends);
      if (left < missing) {
        progress = System.nanoTime();
      } else if (System.nanoTime() - progress > Brokers.PATIENCE.toNanos()) {
        throw brokers.silent();
      }
      missing = left;
    }
  }

  /// Goes back to a number of records before the end of every partition.
  ///
  /// @return whether that is all there is
  boolean lookBack(long records) {
    Map<TopicPartition, Long> begins = brokers.asked(() -> consumer.beginningOffsets(partitions));
    Map<TopicPartition, Long> ends = brokers.asked(() -> consumer.endOffsets(partitions));
    boolean everything = true;
    for (TopicPartition partition : partitions) {
      long begin = begins.getOrDefault(partition, 0L);
      long from = Math.max(begin, ends.getOrDefault(partition, 0L) - records);
      everything &= from == begin;
      consumer.seek(partition, from);
    }
    return everything;
  }

  private long missing(Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .mapToLong(end ->
            Math.max(0, end.getValue() - brokers.asked(() -> consumer.position(end.getKey()))))
        .sum();
  }

  /// Keys of all records read so far, those of other cameras included.
  public Set<String> camerasSeen() {
    return Set.copyOf(seen);
  }

  @Override
  public void close() {
    consumer.close();
  }

  /// Positions are fetched at once, so that nothing is missed that comes after this returns.
  private void seek(From from) {
    switch (from) {
      case From.Beginning() -> consumer.seekToBeginning(partitions);
      case From.End() -> consumer.seekToEnd(partitions);
      case From.Since(Instant captureTime) -> seekTo(captureTime);
    }
    for (TopicPartition partition : partitions) {
      long _ = brokers.asked(() -> consumer.position(partition));
    }
  }

  private void seekTo(Instant captureTime) {
    Map<TopicPartition, Long> times = new HashMap<>();
    partitions.forEach(partition -> times.put(partition, captureTime.toEpochMilli()));
    Map<TopicPartition, @Nullable OffsetAndTimestamp> offsets =
        brokers.asked(() -> consumer.offsetsForTimes(times));
    offsets.forEach((partition, offset) -> {
      if (offset == null) {
        consumer.seekToEnd(List.of(partition));
      } else {
        consumer.seek(partition, offset.offset());
      }
    });
  }

  private Answer answer(ConsumerRecord<byte[], byte[]> record) {
    Place place =
        new Place(
            record.topic(),
            record.partition(),
            record.offset(),
            Instant.ofEpochMilli(record.timestamp()));
    try {
      return record.topic().equals(masks)
          ? new Answer.OfMask(
              place, Mask.parse(record.value()), Math.max(0, record.serializedValueSize()))
          : new Answer.OfStatistics(place, FrameStatistics.parse(record.value()));
    } catch (WireException e) {
      return new Answer.Unreadable(place, String.valueOf(e.getMessage()));
    }
  }
}
