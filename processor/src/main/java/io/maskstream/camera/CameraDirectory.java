package io.maskstream.camera;

import io.maskstream.wire.CameraStatus;
import io.maskstream.wire.WireException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/// Reads what publishers have said last of every camera.
public final class CameraDirectory {

  private static final Duration POLL = Duration.ofMillis(200);

  private CameraDirectory() {}

  /// @param topic the compacted topic of cameras
  /// @return the newest status of every camera, by camera id
  /// @throws CameraException if there is no broker, or no such topic
  public static List<CameraStatus> read(Properties client, String topic) {
    Brokers.requireTopics(client, List.of(topic));
    Properties properties = new Properties();
    properties.putAll(client);
    properties.put("enable.auto.commit", "false");
    properties.put("auto.offset.reset", "earliest");
    try (var consumer =
        new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(partition -> new TopicPartition(topic, partition.partition()))
              .toList();
      consumer.assign(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      consumer.seekToBeginning(partitions);
      Map<String, CameraStatus> newest = new TreeMap<>();
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
        consumer.poll(POLL).forEach(statusRecord -> take(statusRecord, newest));
      }
      return List.copyOf(newest.values());
    } catch (KafkaException e) {
      throw new CameraException("cannot read topic " + topic, e);
    }
  }

  /// A record without value removes a camera; one of another version is passed over.
  private static void take(
      ConsumerRecord<String, byte[]> statusRecord, Map<String, CameraStatus> newest) {
    if (statusRecord.value() == null) {
      newest.remove(statusRecord.key());
      return;
    }
    try {
      newest.put(statusRecord.key(), CameraStatus.parse(statusRecord.value()));
    } catch (WireException _) {
      newest.remove(statusRecord.key());
    }
  }
}
