package io.maskstream.topology;

import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The log on the brokers. Its consumer names the group to ask for the committed offset, and never
/// joins it.
final class KafkaFrameLog implements FrameLog {

  private static final Logger LOG = LoggerFactory.getLogger(KafkaFrameLog.class);
  private static final Duration POLL = Duration.ofMillis(200);

  private final TopicPartition partition;
  private final KafkaConsumer<byte[], byte[]> consumer;

  /// @param properties of a consumer with the group's id and `auto.offset.reset=none`
  KafkaFrameLog(Map<String, Object> properties, TopicPartition partition) {
    this.partition = partition;
    this.consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumer.assign(Set.of(partition));
  }

  @Override
  public OptionalLong committed() {
    OffsetAndMetadata committed = consumer.committed(Set.of(partition)).get(partition);
    return committed == null ? OptionalLong.empty() : OptionalLong.of(committed.offset());
  }

  @Override
  public long firstOffset() {
    Long first = consumer.beginningOffsets(Set.of(partition)).get(partition);
    if (first == null) {
      throw new IllegalStateException("the broker names no first offset of " + partition);
    }
    return first;
  }

  /// Goes by the consumer's position, because transaction markers and gaps are no records.
  @Override
  public void replay(long from, long toExclusive, Consumer<Logged> sink) {
    if (from >= toExclusive) {
      return;
    }
    consumer.seek(partition, from);
    while (consumer.position(partition) < toExclusive) {
      try {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          if (record.offset() >= toExclusive) {
            return;
          }
          sink.accept(
              new Logged(
                  record.offset(),
                  Math.max(0, record.timestamp()),
                  record.key(),
                  record.value(),
                  record.headers()));
        }
      } catch (OffsetOutOfRangeException e) {
        LOG.warn("retention deletes what is being read again: {}", partition, e);
        consumer.seek(partition, Math.min(toExclusive, firstOffset()));
      }
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
