package io.maskstream.topics;

import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.AccessUnits;
import io.maskstream.wire.Identity;
import io.maskstream.wire.WireException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/// What the newest records of the frames topic tell of cameras and clocks.
///
/// @param cameras those that have sent within [#LOOK_BACK], by id
/// @param unreadable records that are no access units
/// @param brokersAhead by how much the brokers' clock is ahead of this machine's at least; empty if
///   no record was read, or the topic has other timestamps than the brokers'
/// @param live whether that was taken from a record that came while this looked, and so is exact to
///   the time that a record takes from the broker to here
public record FrameSample(
    Map<String, Pulse> cameras, int unreadable, Optional<Duration> brokersAhead, boolean live) {

  public static final Duration LOOK_BACK = Duration.ofMinutes(1);

  /// Bounds what is read of a partition with many cameras.
  private static final long MOST_RECORDS = 2_000;

  private static final Duration READING = Duration.ofSeconds(5);
  private static final Duration WAIT_FOR_LIVE = Duration.ofSeconds(1);
  private static final Duration POLL = Duration.ofMillis(100);

  public FrameSample {
    cameras = Map.copyOf(cameras);
  }

  /// One camera.
  ///
  /// @param frames that were read
  /// @param keyframes among them
  /// @param keyframeGap longest capture time without a keyframe that was seen
  /// @param captureAhead capture time of the newest minus the time at which the broker took it;
  ///   empty if the topic has other timestamps than the brokers'
  public record Pulse(
      int frames, int keyframes, Duration keyframeGap, Optional<Duration> captureAhead) {}

  /// Reads for six seconds at most.
  ///
  /// @param client of any Kafka client: brokers and security
  /// @throws AnswerException if the topic is missing, or no broker answers for ten seconds
  public static FrameSample read(Properties client, String topic) {
    Brokers brokers = new Brokers(client);
    try (KafkaConsumer<byte[], byte[]> consumer = brokers.consumer()) {
      List<TopicPartition> partitions = brokers.partitions(consumer, List.of(topic), Set.of());
      consumer.assign(partitions);
      Map<TopicPartition, Long> ends = brokers.asked(() -> consumer.endOffsets(partitions));
      begin(brokers, consumer, ends);
      Sampling sampling = new Sampling(ends);
      Instant enough = Instant.now().plus(READING);
      while (Instant.now().isBefore(enough) && !reached(consumer, ends)) {
        brokers.asked(() -> consumer.poll(POLL)).forEach(sampling::take);
      }
      Instant late = Instant.now().plus(WAIT_FOR_LIVE);
      while (Instant.now().isBefore(late) && !sampling.live) {
        brokers.asked(() -> consumer.poll(POLL)).forEach(sampling::take);
      }
      return sampling.result();
    }
  }

  private static void begin(
      Brokers brokers, KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    long since = Instant.now().minus(LOOK_BACK).toEpochMilli();
    Map<TopicPartition, Long> times = new HashMap<>();
    ends.keySet().forEach(partition -> times.put(partition, since));
    Map<TopicPartition, @Nullable OffsetAndTimestamp> offsets =
        brokers.asked(() -> consumer.offsetsForTimes(times));
    ends.forEach((partition, end) -> {
      OffsetAndTimestamp first = offsets.get(partition);
      consumer.seek(partition, first == null ? end : Math.max(first.offset(), end - MOST_RECORDS));
    });
  }

  private static boolean reached(
      KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  /// A sample in the making.
  private static final class Sampling {

    private final Map<TopicPartition, Long> ends;
    private final Map<String, Track> tracks = new TreeMap<>();
    private int unreadable;
    private @Nullable Duration ahead;
    private boolean live;

    Sampling(Map<TopicPartition, Long> ends) {
      this.ends = ends;
    }

    void take(ConsumerRecord<byte[], byte[]> record) {
      boolean brokersTime = record.timestampType() == TimestampType.LOG_APPEND_TIME;
      if (brokersTime) {
        judgeClock(record);
      }
      String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
      try {
        AccessUnit unit = AccessUnits.parse(key, record.value(), Integer.MAX_VALUE);
        if (!unit.endOfSession()) {
          tracks
              .computeIfAbsent(key, _ -> new Track())
              .take(unit, brokersTime ? Instant.ofEpochMilli(record.timestamp()) : null);
        }
      } catch (WireException _) {
        unreadable++;
      }
    }

    /// A record from before tells only that the brokers are not further behind; one that comes
    /// while we wait tells how they stand.
    private void judgeClock(ConsumerRecord<byte[], byte[]> record) {
      boolean fresh =
          record.offset()
              >= ends.getOrDefault(new TopicPartition(record.topic(), record.partition()), 0L);
      Duration now = Duration.ofMillis(record.timestamp() - System.currentTimeMillis());
      if (ahead == null || now.compareTo(ahead) > 0) {
        ahead = now;
      }
      live |= fresh;
    }

    FrameSample result() {
      Map<String, Pulse> cameras = new HashMap<>();
      tracks.forEach((camera, track) -> cameras.put(camera, track.pulse()));
      return new FrameSample(cameras, unreadable, Optional.ofNullable(ahead), live);
    }
  }

  private static final class Track {

    private String session = "";
    private Instant since = Instant.EPOCH;
    private Duration gap = Duration.ZERO;
    private @Nullable Duration ahead;
    private int frames;
    private int keyframes;

    void take(AccessUnit unit, @Nullable Instant appended) {
      Identity identity = unit.identity();
      Instant captured = identity.captureTime();
      if (!identity.sessionId().equals(session)) {
        session = identity.sessionId();
        since = captured;
      }
      Duration without = Duration.between(since, captured);
      gap = without.compareTo(gap) > 0 ? without : gap;
      if (unit.keyframe()) {
        keyframes++;
        since = captured;
      }
      frames++;
      ahead = appended == null ? null : Duration.between(appended, captured);
    }

    Pulse pulse() {
      return new Pulse(frames, keyframes, gap, Optional.ofNullable(ahead));
    }
  }
}
