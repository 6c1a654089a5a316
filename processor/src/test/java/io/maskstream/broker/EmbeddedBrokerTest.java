package io.maskstream.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerTest {

  private static final TopicPartition TOPIC = new TopicPartition("kept", 0);

  @TempDir Path folder;

  @Test
  void servesAgainAfterAStopAndHoldsWhatItHeld() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0)) {
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
        admin
            .createTopics(List.of(new NewTopic(TOPIC.topic(), 1, (short) 1)))
            .all()
            .get(20, TimeUnit.SECONDS);
      }
      try (var producer =
          new KafkaProducer<>(
              Map.of("bootstrap.servers", broker.bootstrapServers(), "acks", "all"),
              new StringSerializer(),
              new StringSerializer())) {
        producer
            .send(new ProducerRecord<>(TOPIC.topic(), "key", "value"))
            .get(20, TimeUnit.SECONDS);
      }
    }
    try (EmbeddedBroker broker = EmbeddedBroker.start(folder, 0);
        var consumer =
            new KafkaConsumer<>(
                Map.of(
                    "bootstrap.servers",
                    broker.bootstrapServers(),
                    "auto.offset.reset",
                    "earliest"),
                new StringDeserializer(),
                new StringDeserializer())) {
      consumer.assign(Set.of(TOPIC));
      assertThat(consumer.poll(Duration.ofSeconds(20)).records(TOPIC))
          .extracting("value")
          .containsExactly("value");
    }
  }
}
