package io.maskstream.topics;

import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.AccessUnits;
import io.maskstream.wire.FrameStatistics;
import io.maskstream.wire.Identity;
import io.maskstream.wire.Mask;
import io.maskstream.wire.WireException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// Reads the access units, masks and statistics of chosen cameras as they are committed, outside
/// any consumer group and from the end of the topics. Only partitions that hold these cameras are
/// read.
///
/// Not thread-safe; whoever opened it closes it.
public final class LiveReader implements AutoCloseable {

  /// How far before the end a camera begins, so that its newest keyframe is likely among it.
  private static final Duration LOOK_BACK = Duration.ofSeconds(4);

  /// While a request waits for partitions that are silent, such as those of candidates, the others
  /// are not asked for; the usual half second would make every camera stutter.
  private static final int LONGEST_FETCH_MILLIS = 30;

  private final Brokers brokers;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Of of;
  private Set<String> cameras = Set.of();

  private LiveReader(Brokers brokers, Of of) {
    this.brokers = brokers;
    this.consumer = brokers.consumer(Map.of("fetch.max.wait.ms", LONGEST_FETCH_MILLIS));
    this.of = of;
  }

  /// What to read.
  ///
  /// @param shadowMasks of a release that is tried beside the one that serves; need not exist
  public record Of(String frames, String masks, String shadowMasks, String statistics) {

    /// The topics that have to exist.
    List<String> needed() {
      return List.of(frames, masks, statistics);
    }
  }

  /// One committed record.
  public sealed interface Live {

    Identity identity();

    record Unit(AccessUnit unit) implements Live {
      @Override
      public Identity identity() {
        return unit.identity();
      }
    }

    /// @param shadow whether the release that made it does not serve, but is tried
    record Answered(Mask mask, boolean shadow) implements Live {
      @Override
      public Identity identity() {
        return mask.identity();
      }
    }

    record Statistics(FrameStatistics statistics) implements Live {
      @Override
      public Identity identity() {
        return statistics.identity();
      }
    }
  }

  /// @param client properties of any Kafka client: brokers and security
  public static LiveReader open(Properties client, Of of) {
    return new LiveReader(new Brokers(client), of);
  }

  /// Chooses the cameras anew; those that stay go on where they are.
  ///
  /// @throws AnswerException if a topic is missing, or no broker answers for ten seconds
  public void watch(Set<String> wanted) {
    cameras = Set.copyOf(wanted);
    Set<TopicPartition> before = consumer.assignment();
    Set<TopicPartition> partitions = cameras.isEmpty() ? Set.of() : partitions();
    Set<TopicPartition> added = new HashSet<>(partitions);
    added.removeAll(before);
    consumer.assign(partitions);
    seek(added);
  }

  /// Hands over what has come, waiting for it if need be. What cannot be read is passed over: the
  /// stream has answered it with a dead letter.
  public void poll(Duration wait, Consumer<Live> sink) {
    for (ConsumerRecord<byte[], byte[]> record : brokers.asked(() -> consumer.poll(wait))) {
      String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
      if (cameras.contains(key)) {
        try {
          sink.accept(read(key, record));
        } catch (WireException _) {
          // Told above.
        }
      }
    }
  }

  @Override
  public void close() {
    consumer.close();
  }

  private Set<TopicPartition> partitions() {
    boolean shadowed =
        brokers.asked(() -> consumer.listTopics(Brokers.PATIENCE)).containsKey(of.shadowMasks());
    List<String> topics =
        shadowed
            ? Stream.concat(of.needed().stream(), Stream.of(of.shadowMasks())).toList()
            : of.needed();
    return Set.copyOf(brokers.partitions(consumer, topics, cameras));
  }

  private void seek(Set<TopicPartition> added) {
    long since = System.currentTimeMillis() - LOOK_BACK.toMillis();
    Map<TopicPartition, Long> times = new HashMap<>();
    added.forEach(partition -> times.put(partition, since));
    Map<TopicPartition, @Nullable OffsetAndTimestamp> offsets =
        brokers.asked(() -> consumer.offsetsForTimes(times));
    offsets.forEach((partition, offset) -> {
      if (offset == null) {
        consumer.seekToEnd(List.of(partition));
      } else {
        consumer.seek(partition, offset.offset());
      }
    });
    for (TopicPartition partition : added) {
      long _ = brokers.asked(() -> consumer.position(partition));
    }
  }

  private Live read(String key, ConsumerRecord<byte[], byte[]> record) {
    String topic = record.topic();
    if (topic.equals(of.frames())) {
      return new Live.Unit(AccessUnits.parse(key, record.value(), Integer.MAX_VALUE));
    }
    if (topic.equals(of.statistics())) {
      return new Live.Statistics(FrameStatistics.parse(record.value()));
    }
    return new Live.Answered(Mask.parse(record.value()), topic.equals(of.shadowMasks()));
  }
}
