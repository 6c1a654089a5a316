package io.maskstream.topics;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.Utils;

/// Consumers that read topics from outside any group, see only what is committed, and say within
/// ten seconds what is wrong.
final class Brokers {

  static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Properties client;

  /// @param client of any Kafka client: brokers and security
  Brokers(Properties client) {
    this.client = client;
  }

  /// The caller closes it.
  KafkaConsumer<byte[], byte[]> consumer() {
    return consumer(Map.of());
  }

  /// The same with properties of its own.
  KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> own) {
    Map<String, Object> properties = new HashMap<>();
    client.forEach((key, value) -> properties.put(key.toString(), value));
    properties.put("isolation.level", "read_committed");
    properties.put("enable.auto.commit", "false");
    properties.put("allow.auto.create.topics", "false");
    properties.put("auto.offset.reset", "earliest");
    properties.put("default.api.timeout.ms", (int) PATIENCE.toMillis());
    properties.put("request.timeout.ms", (int) PATIENCE.toMillis() - 1000);
    properties.remove("group.id");
    properties.putAll(own);
    try {
      return new KafkaConsumer<>(
          properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    } catch (KafkaException e) {
      throw failed(e);
    }
  }

  /// The partitions of the topics that hold the cameras' records, going by Kafka's own rule for
  /// keys: that of the stream, whose output this is.
  ///
  /// @param cameras empty for every partition
  /// @throws AnswerException if a topic is missing, or no broker answers
  List<TopicPartition> partitions(
      KafkaConsumer<?, ?> consumer, List<String> topics, Collection<String> cameras) {
    Map<String, List<PartitionInfo>> there = asked(() -> consumer.listTopics(PATIENCE));
    List<String> missing = topics.stream().filter(topic -> !there.containsKey(topic)).toList();
    if (!missing.isEmpty()) {
      throw new AnswerException(
          "topic is missing: "
              + String.join(", ", missing)
              + " bootstrap.servers="
              + client.get("bootstrap.servers")
              + "; create it with `maskstream topics apply`, look at another broker with -b, or let"
              + " this user read it: `maskstream topics acls`");
    }
    return topics.stream()
        .flatMap(topic -> partitions(topic, there.getOrDefault(topic, List.of()).size(), cameras))
        .toList();
  }

  private static Stream<TopicPartition> partitions(
      String topic, int count, Collection<String> cameras) {
    IntStream numbers =
        cameras.isEmpty()
            ? IntStream.range(0, count)
            : cameras.stream()
                .map(camera -> camera.getBytes(StandardCharsets.UTF_8))
                .mapToInt(key -> Utils.toPositive(Utils.murmur2(key)) % count)
                .distinct();
    return numbers.mapToObj(number -> new TopicPartition(topic, number));
  }

  /// What the brokers say, with failures in our words.
  <T> T asked(Supplier<T> question) {
    try {
      return question.get();
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException e) {
      throw failed(e);
    }
  }

  AnswerException silent() {
    return new AnswerException(
        "no broker answers within "
            + PATIENCE.toSeconds()
            + " s: bootstrap.servers="
            + client.get("bootstrap.servers")
            + "; check the address, and whether Kafka runs there");
  }

  private AnswerException failed(KafkaException e) {
    if (e instanceof TimeoutException) {
      return silent();
    }
    return new AnswerException(
        "the brokers cannot be asked: bootstrap.servers=" + client.get("bootstrap.servers"), e);
  }
}
