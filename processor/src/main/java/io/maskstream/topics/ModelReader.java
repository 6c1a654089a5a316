package io.maskstream.topics;

import io.maskstream.wire.ModelHistory;
import io.maskstream.wire.ModelHistory.Shadow;
import io.maskstream.wire.ModelStatus;
import io.maskstream.wire.ShadowReport;
import io.maskstream.wire.WireException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// What is assigned, and what the processors have loaded, as far as it is committed. Not
/// thread-safe; whoever opened it closes it.
public final class ModelReader implements AutoCloseable {

  private final Brokers brokers;
  private final ControlTopics topics;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<TopicPartition> partitions;
  private final Map<String, ModelHistory> histories = new TreeMap<>();
  private final Map<String, ModelStatus> statuses = new TreeMap<>();

  /// By scope and instance.
  private final Map<String, ShadowReport> reports = new TreeMap<>();

  private ModelReader(
      Brokers brokers,
      ControlTopics topics,
      KafkaConsumer<byte[], byte[]> consumer,
      List<TopicPartition> partitions) {
    this.brokers = brokers;
    this.topics = topics;
    this.consumer = consumer;
    this.partitions = partitions;
  }

  /// @param client properties of any Kafka client: brokers and security
  /// @throws AnswerException if a topic is missing, or no broker answers for ten seconds
  public static ModelReader open(Properties client, ControlTopics topics) {
    Brokers brokers = new Brokers(client);
    KafkaConsumer<byte[], byte[]> consumer = brokers.consumer();
    try {
      List<TopicPartition> partitions =
          brokers.partitions(
              consumer, List.of(topics.models(), topics.modelStatus(), topics.shadow()), List.of());
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      return new ModelReader(brokers, topics, consumer, partitions);
    } catch (RuntimeException e) {
      consumer.close();
      throw e;
    }
  }

  /// Reads on to what is the end now.
  ///
  /// @throws AnswerException if the brokers hand out nothing for ten seconds
  public void catchUp() {
    Map<TopicPartition, Long> ends = brokers.asked(() -> consumer.endOffsets(partitions));
    long begin = System.nanoTime();
    while (partitions.stream().anyMatch(p -> position(p) < ends.getOrDefault(p, 0L))) {
      if (poll(Duration.ofMillis(100)) > 0) {
        begin = System.nanoTime();
      } else if (System.nanoTime() - begin > Brokers.PATIENCE.toNanos()) {
        throw brokers.silent();
      }
    }
  }

  private long position(TopicPartition partition) {
    return brokers.asked(() -> consumer.position(partition));
  }

  /// Takes what has come, waiting for it if need be.
  int poll(Duration wait) {
    int count = 0;
    for (ConsumerRecord<byte[], byte[]> record : brokers.asked(() -> consumer.poll(wait))) {
      count++;
      take(record);
    }
    return count;
  }

  /// What someone else has put there is passed over.
  private void take(ConsumerRecord<byte[], byte[]> record) {
    if (record.key() == null) {
      return;
    }
    String key = new String(record.key(), StandardCharsets.UTF_8);
    if (record.topic().equals(topics.shadow())) {
      report(record.value());
      return;
    }
    boolean assignment = record.topic().equals(topics.models());
    Map<String, ?> held = assignment ? histories : statuses;
    byte @Nullable [] value = record.value();
    if (value == null) {
      held.remove(key);
      return;
    }
    try {
      if (assignment) {
        histories.put(key, ModelHistory.parse(value));
      } else {
        statuses.put(key, ModelStatus.parse(value));
      }
    } catch (WireException _) {
      held.remove(key);
    }
  }

  private void report(byte @Nullable [] value) {
    try {
      ShadowReport report = ShadowReport.parse(value);
      reports.put(report.scope() + " " + report.instanceId(), report);
    } catch (WireException _) {
      // Somebody else's.
    }
  }

  /// What the processors have seen of a candidate, the newest of each.
  public List<ShadowReport> reports(String scope, Shadow candidate) {
    return reports.values().stream()
        .filter(report -> report.scope().equals(scope))
        .filter(report ->
            report.number() == candidate.number() && report.release().equals(candidate.release()))
        .toList();
  }

  /// Every scope that has assignments.
  public List<ModelHistory> histories() {
    return List.copyOf(histories.values());
  }

  public ModelHistory history(String scope) {
    ModelHistory found = histories.get(scope);
    return found == null ? ModelHistory.empty(scope) : found;
  }

  /// The processors that live.
  public List<ModelStatus> instances(Instant now) {
    return statuses.values().stream().filter(status -> status.alive(now)).toList();
  }

  @Override
  public void close() {
    consumer.close();
  }
}
