package io.maskstream.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.maskstream.broker.EmbeddedBroker;
import io.maskstream.inference.InferenceObserver;
import io.maskstream.inference.InferenceSettings;
import io.maskstream.inference.OnnxSegmenter;
import io.maskstream.inference.Provider;
import io.maskstream.release.ReleaseFile;
import io.maskstream.video.Decoders;
import io.maskstream.video.Limits;
import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.AccessUnits;
import io.maskstream.wire.DeadLetter;
import io.maskstream.wire.Mask;
import io.maskstream.wire.RunLengths;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.errors.TaskCorruptedException;
import org.apache.kafka.streams.processor.TaskId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// What operators, brokers and Kafka Streams itself do to a running stream. Four cameras with GOPs
/// of 50 and B-frames; the masks are those of a quiet run, each once and in order.
@Tag("processes")
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class ExactThroughFaultsTest {

  private static final int CAMERAS = 4;
  private static final int GOPS = 2;
  private static final int PICTURES = CAMERAS * GOPS * SceneClip.GOP;
  private static final Duration SENDING = Duration.ofSeconds(10);

  /// In which some mask more has to come.
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  static Path folder;

  private static final List<ForkedJvm> RUNNING = new ArrayList<>();
  private static int port;
  private static ForkedJvm broker;
  private static List<Mask> expected;

  @BeforeAll
  static void runQuietly() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    broker = startBroker();
    create("quiet");
    send("quiet", Duration.ZERO, List.of());
    try (OnnxSegmenter segmenter = segmenter();
        SegmentationStream stream = stream("quiet", segmenter, StreamObserver.NONE)) {
      stream.start();
      expected = masks("quiet");
    }
    assertThat(expected).hasSize(PICTURES);
    assertThat(expected).extracting(Mask::content).hasOnlyElementsOfType(RunLengths.class);
  }

  @AfterAll
  static void endAll() {
    RUNNING.forEach(ForkedJvm::kill);
  }

  @Test
  void twoProcessorsAreStoppedAndStartedInTurns() throws Exception {
    create("stopped");
    List<ForkedJvm> processors = new ArrayList<>();
    processors.add(processor("stopped", 0));
    processors.add(processor("stopped", 1));
    AtomicInteger stops = new AtomicInteger();
    Runnable stopOne =
        () -> {
          int victim = stops.getAndIncrement() % 2;
          assertThat(processors.get(victim).alive()).isTrue();
          processors.get(victim).close();
          processors.set(victim, processor("stopped", victim));
        };
    send("stopped", SENDING, List.of(stopOne, stopOne, stopOne));
    assertExact("stopped");
    assertThat(stops).hasValue(3);
    processors.forEach(ForkedJvm::close);
    // The stops did interrupt work that another had to do again.
    assertThat(log("stopped-0") + log("stopped-1"))
        .containsPattern("recovered access units: [1-9]");
  }

  @Test
  void theBrokerIsKilledAndStartedAgain() throws Exception {
    create("brokerless");
    try (ForkedJvm processor = processor("brokerless", 0)) {
      Runnable restart =
          () -> {
            broker.kill();
            broker = startBroker();
          };
      send("brokerless", SENDING, List.of(restart));
      assertExact("brokerless");
      assertThat(processor.alive()).isTrue();
    }
  }

  /// Kafka Streams commits the other tasks of a thread around a corrupted one, and with them, all
  /// being one transaction, what that one has sent (TaskManager.handleCorruption). Some faults come
  /// where it does just that, the others between a mask and its progress, where it must not.
  @Test
  void kafkaStreamsFindsTasksCorrupted() throws Exception {
    create("corrupted");
    Corruption corruption = new Corruption();
    try (OnnxSegmenter segmenter = segmenter();
        SegmentationStream stream = stream("corrupted", segmenter, corruption)) {
      stream.start();
      send("corrupted", SENDING, List.of());
      assertExact("corrupted");
      assertThat(stream.failure()).isNull();
    }
    assertThat(corruption.inSteps).hasValue(Corruption.EACH);
    assertThat(corruption.betweenSteps).hasValue(Corruption.EACH);
    assertThat(corruption.recoveries).hasPositiveValue();
  }

  /// Throws what Kafka Streams throws itself.
  private static final class Corruption implements StreamObserver {

    private static final int EACH = 6;

    private final AtomicInteger answers = new AtomicInteger();
    private final AtomicInteger openings = new AtomicInteger();
    private final AtomicInteger inSteps = new AtomicInteger();
    private final AtomicInteger betweenSteps = new AtomicInteger();
    private final AtomicInteger recoveries = new AtomicInteger();

    @Override
    public void answered(Answered answer) {
      if (answers.incrementAndGet() % 47 == 0 && inSteps.get() < EACH) {
        inSteps.incrementAndGet();
        throw corrupted(answer.statistics().identity().cameraId());
      }
    }

    @Override
    public void decoderOpened(String cameraId) {
      if (openings.incrementAndGet() % 3 == 0 && betweenSteps.get() < EACH) {
        betweenSteps.incrementAndGet();
        throw corrupted(cameraId);
      }
    }

    @Override
    public void recovered(int partition, long accessUnits, Duration took) {
      if (accessUnits > 0) {
        recoveries.incrementAndGet();
      }
    }

    private static TaskCorruptedException corrupted(String cameraId) {
      return new TaskCorruptedException(Set.of(new TaskId(0, partition(cameraId))));
    }
  }

  private static String log(String name) throws IOException {
    return Files.readString(folder.resolve(name + ".log"));
  }

  private static void assertExact(String run) {
    List<Mask> actual = masks(run);
    assertThat(MaskLogChecker.check(expected, actual)).isEmpty();
    assertThat(actual).hasSize(PICTURES);
    assertThat(values(Topics.withPrefix(run).deadLetters()).stream().map(DeadLetter::parse))
        .isEmpty();
  }

  /// Sends the cameras side by side, each to its own partition, so that every run has the same
  /// offsets; does the faults in between, at equal distances, when the stream is at work.
  private static void send(String run, Duration time, List<Runnable> faults) throws Exception {
    List<AccessUnit> units = interleaved();
    long start = System.nanoTime();
    try (var producer =
        new KafkaProducer<>(
            Map.<String, Object>of(
                "bootstrap.servers",
                brokers(),
                "acks",
                "all",
                // A new topic that refuses the first batch, its leader not being ready, may take
                // the second, and then the first is out of order for good.
                "max.in.flight.requests.per.connection",
                1),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      int done = 0;
      for (int i = 0; i < units.size(); i++) {
        if (done < faults.size() && i == units.size() * (done + 1) / (faults.size() + 1)) {
          int half = i / 2;
          await()
              .atMost(PATIENCE)
              .until(() -> values(Topics.withPrefix(run).masks()).size() >= half);
          faults.get(done++).run();
        }
        String camera = units.get(i).identity().cameraId();
        sent.add(
            producer.send(
                new ProducerRecord<>(
                    Topics.withPrefix(run).frames(),
                    partition(camera),
                    camera.getBytes(StandardCharsets.UTF_8),
                    AccessUnits.toBytes(units.get(i)))));
        long due = start + time.toNanos() / units.size() * i;
        TimeUnit.NANOSECONDS.sleep(Math.max(0, due - System.nanoTime()));
      }
      producer.flush();
      for (Future<RecordMetadata> each : sent) {
        assertThat(each.get().hasOffset()).isTrue();
      }
    }
  }

  private static List<AccessUnit> interleaved() {
    SceneClip clip = SceneClip.read();
    Instant begin = Instant.parse("2026-01-01T12:00:00Z");
    List<List<AccessUnit>> cameras = new ArrayList<>();
    for (int camera = 0; camera < CAMERAS; camera++) {
      cameras.add(clip.session("camera-" + camera, "only", camera, GOPS, begin));
    }
    List<AccessUnit> units = new ArrayList<>();
    for (int i = 0; i < cameras.getFirst().size(); i++) {
      for (List<AccessUnit> camera : cameras) {
        units.add(camera.get(i));
      }
    }
    return units;
  }

  private static int partition(String cameraId) {
    return cameraId.charAt(cameraId.length() - 1) - '0';
  }

  /// All committed masks, once there are enough; gives up when no more of them come.
  private static List<Mask> masks(String run) {
    String topic = Topics.withPrefix(run).masks();
    AtomicInteger seen = new AtomicInteger(-1);
    while (seen.get() < PICTURES) {
      await()
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(500))
          .until(() -> values(topic).size() > seen.get());
      seen.set(values(topic).size());
    }
    return values(topic).stream().map(Mask::parse).toList();
  }

  /// All committed values of a topic, partition by partition.
  private static List<byte[]> values(String topic) {
    List<TopicPartition> partitions = new ArrayList<>();
    for (int partition = 0; partition < CAMERAS; partition++) {
      partitions.add(new TopicPartition(topic, partition));
    }
    List<byte[]> values = new ArrayList<>();
    try (var consumer =
        new KafkaConsumer<>(
            Map.<String, Object>of(
                "bootstrap.servers", brokers(), "isolation.level", "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        consumer.poll(Duration.ofMillis(200)).forEach(record -> values.add(record.value()));
      }
    }
    return values;
  }

  private static void create(String run) throws Exception {
    List<NewTopic> topics =
        Topics.withPrefix(run).all().stream()
            .map(name ->
                new NewTopic(name, CAMERAS, (short) 1)
                    .configs(Map.of("message.timestamp.type", "LogAppendTime")))
            .toList();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers()))) {
      admin.createTopics(topics).all().get(60, TimeUnit.SECONDS);
    }
  }

  private static SegmentationStream stream(
      String run, OnnxSegmenter segmenter, StreamObserver observer) {
    StreamSettings settings =
        StreamSettings.of(brokers(), run, folder.resolve("state-" + run))
            .withTopics(Topics.withPrefix(run));
    return SegmentationStream.open(
        settings, new Decoders(Limits.STANDARD)::open, segmenter, observer);
  }

  private static OnnxSegmenter segmenter() throws IOException {
    try (InputStream in = ReleaseFile.class.getResourceAsStream("/io/maskstream/demo/scene.onnx")) {
      return OnnxSegmenter.open(
          ReleaseFile.of(in.readAllBytes(), "scene.onnx"),
          new InferenceSettings(
              Provider.CPU, 1, false, 2, 4, Duration.ofMillis(2), Duration.ofSeconds(20)),
          InferenceObserver.NONE);
    }
  }

  private static ForkedJvm processor(String run, int number) {
    return fork(
        run + "-" + number,
        ProcessorProcess.class,
        brokers(),
        run,
        folder.resolve("state-" + run + "-" + number).toString(),
        Topics.withPrefix(run).frames(),
        run);
  }

  private static ForkedJvm startBroker() {
    return fork(
        "broker", EmbeddedBroker.class, folder.resolve("log").toString(), Integer.toString(port));
  }

  private static ForkedJvm fork(String name, Class<?> main, String... arguments) {
    ForkedJvm forked = ForkedJvm.start(folder.resolve(name + ".log"), main, arguments);
    RUNNING.add(forked);
    return forked;
  }

  private static String brokers() {
    return "127.0.0.1:" + port;
  }
}
