package io.maskstream.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.maskstream.broker.EmbeddedBroker;
import io.maskstream.topology.SegmentationStream.State;
import io.maskstream.topology.StreamSettings.Timing;
import io.maskstream.wire.AccessUnits;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The stream on a real broker, with a decoder and a segmenter of paper.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class SegmentationStreamTest {

  @TempDir static Path brokerFolder;
  private static EmbeddedBroker broker;

  @TempDir Path stateDir;

  private final PaperDecoder.Leaks leaks = new PaperDecoder.Leaks();
  private final AtomicInteger answers = new AtomicInteger();
  private final AtomicInteger deadLetters = new AtomicInteger();

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedBroker.start(brokerFolder, 0);
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void saysWhichTopicsAreMissingAndHowToCreateThem() {
    StreamSettings settings =
        StreamSettings.of(broker.bootstrapServers(), "lonely", stateDir)
            .withTopics(Topics.withPrefix("lonely"));
    try (SegmentationStream stream = open(settings)) {
      assertThatThrownBy(stream::start)
          .isInstanceOf(StreamException.class)
          .hasMessageContaining("lonely.frames")
          .hasMessageContaining("lonely.dead-letters")
          .hasMessageContaining("maskstream topics apply");
      assertThat(stream.state()).isEqualTo(State.CREATED);
    }
  }

  @Test
  void saysThatNoBrokerAnswersWithinTenSeconds() {
    try (SegmentationStream stream = open(StreamSettings.of("127.0.0.1:9", "nowhere", stateDir))) {
      long start = System.nanoTime();
      assertThatThrownBy(stream::start)
          .isInstanceOf(StreamException.class)
          .hasMessageContaining("bootstrap.servers=127.0.0.1:9");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
    }
  }

  @Test
  void saysThatTheStateFolderIsAnotherProcessors() {
    StreamSettings settings = StreamSettings.of(broker.bootstrapServers(), "twins", stateDir);
    try (SegmentationStream first = open(settings)) {
      assertThat(first.state()).isEqualTo(State.CREATED);
      assertThatThrownBy(() -> open(settings).close())
          .isInstanceOf(StreamException.class)
          .hasMessageContaining("state.dir=" + stateDir);
    }
  }

  @Test
  void answersACameraWhoseNeighboursSendGarbageAndEndsWithoutALeak() throws Exception {
    Topics topics = Topics.withPrefix("mixed");
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      List<NewTopic> all =
          topics.all().stream().map(name -> new NewTopic(name, 1, (short) 1)).toList();
      admin.createTopics(all).all().get(30, TimeUnit.SECONDS);
    }
    PaperCamera gate = new PaperCamera("gate");
    try (var producer =
        new KafkaProducer<>(
            Map.<String, Object>of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "max.in.flight.requests.per.connection",
                1),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      byte[] key = "gate".getBytes(StandardCharsets.UTF_8);
      producer.send(
          new ProducerRecord<>(topics.frames(), key, AccessUnits.toBytes(gate.next('I'))));
      producer.send(
          new ProducerRecord<>(topics.frames(), "x".getBytes(StandardCharsets.UTF_8), key));
      producer.send(new ProducerRecord<>(topics.frames(), null, new byte[] {1, 2, 3}));
      producer.send(new ProducerRecord<>(topics.frames(), key, null));
      producer.send(
          new ProducerRecord<>(topics.frames(), key, AccessUnits.toBytes(gate.next('P'))));
      producer.send(
          new ProducerRecord<>(topics.frames(), key, AccessUnits.toBytes(gate.next('B'))));
    }
    StreamSettings settings =
        StreamSettings.of(broker.bootstrapServers(), "mixed", stateDir)
            .withTopics(topics)
            .withTiming(
                new Timing(Duration.ofSeconds(1), Duration.ofHours(1), Duration.ofSeconds(1)));
    try (SegmentationStream stream = open(settings)) {
      stream.start();
      // The last picture comes out by the idle time alone: nobody ends the session.
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> answers.get() == 3 && deadLetters.get() == 3);
      assertThat(stream.state()).isEqualTo(State.RUNNING);
    }
    assertThat(leaks.decoders()).hasValue(0);
    assertThat(leaks.frames()).hasValue(0);
  }

  private SegmentationStream open(StreamSettings settings) {
    return SegmentationStream.open(
        settings,
        _ -> new PaperDecoder(leaks),
        new HandSegmenter().answeringAtOnce(true),
        new StreamObserver() {
          @Override
          public void answered(Answered answer) {
            answers.incrementAndGet();
          }

          @Override
          public void deadLettered(String reason) {
            deadLetters.incrementAndGet();
          }
        });
  }
}
