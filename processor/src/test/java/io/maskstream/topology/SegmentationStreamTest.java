package io.maskstream.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.maskstream.broker.EmbeddedBroker;
import io.maskstream.topology.SegmentationStream.State;
import io.maskstream.topology.StreamSettings.Timing;
import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.AccessUnits;
import io.maskstream.wire.Marker;
import io.maskstream.wire.Mask;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The stream on a real broker, with a decoder and a segmenter of paper.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class SegmentationStreamTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

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
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
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
    Topics topics = create("mixed", Map.of());
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

  /// What the topic takes decides, whatever the settings allow: a record that it refuses would
  /// break the transaction again after every restart.
  @Test
  void aMaskThatItsTopicDoesNotTakeBecomesAMarkerAndTheStreamGoesOn() throws Exception {
    int taken = 200_000;
    Topics topics = create("narrow", Map.of("max.message.bytes", Integer.toString(taken)));
    StreamSettings settings =
        StreamSettings.of(broker.bootstrapServers(), "narrow", stateDir)
            .withTopics(topics)
            .withClientProperties(Map.of("producer.compression.type", "none"));
    HandSegmenter segmenter = new HandSegmenter().answeringAtOnce(true);
    try (SegmentationStream stream = open(settings, _ -> new PaperDecoder(leaks), segmenter)) {
      stream.start();
      PaperCamera gate = new PaperCamera("gate");
      send(topics, gate.next('I'), gate.next('P'));
      await().atMost(PATIENCE).until(() -> answers.get() == 1);
      // Two bytes a pixel: just below the limit, then just above it, then above the topic's own.
      for (int side : new int[] {258, 260, 400}) {
        segmenter.drawNoise(side);
        int before = answers.get();
        send(topics, gate.next('P'));
        await().atMost(PATIENCE).until(() -> answers.get() == before + 1);
      }
      segmenter.drawNoise(0);
      send(topics, gate.next('P'), gate.end());
      await().atMost(PATIENCE).until(() -> answers.get() == 6);
      assertThat(stream.failure()).isNull();
    }
    assertThat(masks(topics, 6))
        .extracting(
            mask -> mask.content() instanceof Marker(Marker.Reason r, _) ? r.name() : "mask")
        .containsExactly("mask", "mask", "TOO_LARGE", "TOO_LARGE", "mask", "mask");
  }

  @Test
  void tellsHowLongAStreamThreadHasBeenStuck() throws Exception {
    Topics topics = create("stuck", Map.of());
    CountDownLatch released = new CountDownLatch(1);
    DecoderFactory hanging =
        _ -> {
          hold(released);
          return new PaperDecoder(leaks);
        };
    StreamSettings settings =
        StreamSettings.of(broker.bootstrapServers(), "stuck", stateDir).withTopics(topics);
    try (SegmentationStream stream =
        open(settings, hanging, new HandSegmenter().answeringAtOnce(true))) {
      stream.start();
      await().atMost(PATIENCE).until(() -> stream.state() == State.RUNNING);
      assertThat(stream.deadThreads()).isZero();
      PaperCamera gate = new PaperCamera("gate");
      send(topics, gate.next('I'), gate.next('P'));
      await().atMost(PATIENCE).until(() -> stream.sincePoll().toSeconds() >= 3);
      assertThat(stream.state()).isEqualTo(State.RUNNING);
      released.countDown();
      await().atMost(PATIENCE).until(() -> stream.sincePoll().toSeconds() < 2);
      await().atMost(PATIENCE).until(() -> answers.get() == 1);
    }
  }

  private static void hold(CountDownLatch until) {
    try {
      until.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static Topics create(String prefix, Map<String, String> configsOfMasks) throws Exception {
    Topics topics = Topics.withPrefix(prefix);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      List<NewTopic> all =
          topics.all().stream()
              .map(name -> new NewTopic(name, 1, (short) 1))
              .map(topic ->
                  topic.name().equals(topics.masks()) ? topic.configs(configsOfMasks) : topic)
              .toList();
      admin.createTopics(all).all().get(30, TimeUnit.SECONDS);
    }
    return topics;
  }

  private static void send(Topics topics, AccessUnit... units) {
    try (var producer =
        new KafkaProducer<>(
            Map.<String, Object>of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "max.in.flight.requests.per.connection",
                1),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (AccessUnit unit : units) {
        producer.send(
            new ProducerRecord<>(
                topics.frames(),
                unit.identity().cameraId().getBytes(StandardCharsets.UTF_8),
                AccessUnits.toBytes(unit)));
      }
    }
  }

  /// The first committed answers.
  private static List<Mask> masks(Topics topics, int count) {
    List<Mask> masks = new ArrayList<>();
    try (var consumer =
        new KafkaConsumer<>(
            Map.<String, Object>of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "isolation.level",
                "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      TopicPartition only = new TopicPartition(topics.masks(), 0);
      consumer.assign(List.of(only));
      consumer.seekToBeginning(List.of(only));
      await()
          .atMost(PATIENCE)
          .until(() -> {
            consumer
                .poll(Duration.ofMillis(100))
                .forEach(record -> masks.add(Mask.parse(record.value())));
            return masks.size() >= count;
          });
    }
    return masks;
  }

  private SegmentationStream open(StreamSettings settings) {
    return open(settings, _ -> new PaperDecoder(leaks), new HandSegmenter().answeringAtOnce(true));
  }

  private SegmentationStream open(
      StreamSettings settings, DecoderFactory decoders, HandSegmenter segmenter) {
    return SegmentationStream.open(
        settings,
        decoders,
        segmenter,
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
