package io.maskstream.cli;

import io.maskstream.topics.Answers;
import io.maskstream.topology.Topics;
import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.AccessUnits;
import io.maskstream.wire.FrameStatistics;
import io.maskstream.wire.Identity;
import io.maskstream.wire.Mask;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// Writes answers as the stream does: mask and statistics in one transaction.
final class AnswerLog implements AutoCloseable {

  private final KafkaProducer<byte[], byte[]> producer;
  private final Topics topics;

  AnswerLog(String bootstrapServers, Topics topics, int partitions) throws Exception {
    this(bootstrapServers, created(bootstrapServers, topics, partitions));
  }

  /// @param topics that are there
  AnswerLog(String bootstrapServers, Topics topics) {
    this.topics = topics;
    Map<String, Object> properties = new HashMap<>();
    properties.put("bootstrap.servers", bootstrapServers);
    properties.put("transactional.id", "answers-" + topics.masks());
    properties.put("max.request.size", 8 << 20);
    this.producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    producer.initTransactions();
  }

  private static Topics created(String bootstrapServers, Topics topics, int partitions)
      throws Exception {
    create(bootstrapServers, partitions, topics.frames(), topics.masks(), topics.statistics());
    return topics;
  }

  static void create(String bootstrapServers, int partitions, String... topics) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      admin
          .createTopics(
              Arrays.stream(topics)
                  .map(topic -> new NewTopic(topic, partitions, (short) 1))
                  .toList())
          .all()
          .get(20, TimeUnit.SECONDS);
    }
  }

  /// A mask and its statistics for each identity, in one transaction.
  void masks(List<Identity> identities) {
    producer.beginTransaction();
    for (Identity identity : identities) {
      send(Answers.mask(identity), Answers.statistics(identity, Duration.ofMillis(84)));
    }
    producer.commitTransaction();
  }

  void answer(Mask mask, FrameStatistics statistics) {
    producer.beginTransaction();
    send(mask, statistics);
    producer.commitTransaction();
  }

  void aborted(Identity identity) {
    producer.beginTransaction();
    send(Answers.mask(identity), Answers.statistics(identity, Duration.ofMillis(84)));
    producer.flush();
    producer.abortTransaction();
  }

  void garbage(String camera, byte[] value) {
    producer.beginTransaction();
    producer.send(new ProducerRecord<>(topics.masks(), bytes(camera), value));
    producer.commitTransaction();
  }

  /// Access units, and where each lies.
  List<Mask.Source> frames(List<AccessUnit> units) throws Exception {
    producer.beginTransaction();
    var sent =
        units.stream()
            .map(unit ->
                producer.send(
                    new ProducerRecord<>(
                        topics.frames(),
                        bytes(unit.identity().cameraId()),
                        AccessUnits.toBytes(unit))))
            .toList();
    producer.commitTransaction();
    List<Mask.Source> sources = new ArrayList<>();
    for (var future : sent) {
      var metadata = future.get(20, TimeUnit.SECONDS);
      sources.add(new Mask.Source(metadata.partition(), metadata.offset(), 0, 0));
    }
    return sources;
  }

  @Override
  public void close() {
    producer.close();
  }

  private void send(Mask mask, FrameStatistics statistics) {
    byte[] key = bytes(mask.identity().cameraId());
    long timestamp = mask.identity().captureTime().toEpochMilli();
    producer.send(new ProducerRecord<>(topics.masks(), null, timestamp, key, mask.toBytes()));
    producer.send(
        new ProducerRecord<>(topics.statistics(), null, timestamp, key, statistics.toBytes()));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
