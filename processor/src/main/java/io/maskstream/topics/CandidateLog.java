package io.maskstream.topics;

import io.maskstream.wire.LabelCandidate;
import io.maskstream.wire.WireException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// What lies on the topic of label candidates.
public final class CandidateLog {

  private CandidateLog() {}

  /// Hands over every candidate that is there now and was chosen since an instant; what someone
  /// else has put there is passed over.
  ///
  /// @param client properties of any Kafka client: brokers and security
  /// @throws AnswerException if the topic is missing, or no broker answers for ten seconds
  public static void read(
      Properties client, String topic, Instant since, Consumer<LabelCandidate> sink) {
    Brokers brokers = new Brokers(client);
    try (KafkaConsumer<byte[], byte[]> consumer = brokers.consumer()) {
      List<TopicPartition> partitions = brokers.partitions(consumer, List.of(topic), List.of());
      Map<TopicPartition, Long> times = new HashMap<>();
      partitions.forEach(partition -> times.put(partition, Math.max(0, since.toEpochMilli())));
      Map<TopicPartition, Long> ends = brokers.asked(() -> consumer.endOffsets(partitions));
      Map<TopicPartition, @Nullable OffsetAndTimestamp> begins =
          brokers.asked(() -> consumer.offsetsForTimes(times));
      consumer.assign(partitions);
      begins.forEach((partition, begin) ->
          consumer.seek(
              partition, begin == null ? ends.getOrDefault(partition, 0L) : begin.offset()));
      long progress = System.nanoTime();
      while (partitions.stream()
          .anyMatch(partition ->
              brokers.asked(() -> consumer.position(partition))
                  < ends.getOrDefault(partition, 0L))) {
        for (ConsumerRecord<byte[], byte[]> record :
            brokers.asked(() -> consumer.poll(Duration.ofMillis(200)))) {
          progress = System.nanoTime();
          hand(record, sink);
        }
        if (System.nanoTime() - progress > Brokers.PATIENCE.toNanos()) {
          throw brokers.silent();
        }
      }
    }
  }

  private static void hand(ConsumerRecord<byte[], byte[]> record, Consumer<LabelCandidate> sink) {
    try {
      sink.accept(LabelCandidate.parse(record.value()));
    } catch (WireException _) {
      // Not ours.
    }
  }
}
