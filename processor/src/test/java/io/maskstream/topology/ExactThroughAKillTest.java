package io.maskstream.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.broker.EmbeddedBroker;
import io.maskstream.camera.CameraPublisher;
import io.maskstream.camera.PublisherSettings;
import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.AccessUnits;
import io.maskstream.wire.DeadLetter;
import io.maskstream.wire.FrameStatistics;
import io.maskstream.wire.Identity;
import io.maskstream.wire.Mask;
import io.maskstream.wire.RunLengths;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// Three processors and a broker, each a process of its own; eight cameras with GOPs of 50 and
/// B-frames, 2,000 pictures, five kills at random instants. The masks are those of a quiet run.
class ExactThroughAKillTest {

  private static final long SEED = 20_261_121;
  private static final int CAMERAS = 8;
  private static final int GOPS = 5;
  private static final int PICTURES = CAMERAS * GOPS * SceneClip.GOP;
  private static final int KILLS = 5;
  private static final int PARTITIONS = 4;
  private static final String FRAMES = "frames";
  private static final Duration SENDING = Duration.ofSeconds(40);
  private static final Duration PATIENCE = Duration.ofSeconds(75);

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  private final List<ForkedJvm> running = new ArrayList<>();
  private String brokers = "";

  @AfterEach
  void endAll() {
    running.forEach(ForkedJvm::kill);
  }

  @Test
  @Timeout(value = 8, unit = TimeUnit.MINUTES)
  void masksAreThoseOfAQuietRunEachOnceAndInOrder() throws Exception {
    int port = freePort();
    brokers = "127.0.0.1:" + port;
    fork("broker", EmbeddedBroker.class, folder.resolve("log").toString(), Integer.toString(port));
    createTopics();

    List<ForkedJvm> processors = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      processors.add(processor("killed", i));
    }
    sendAndKill(processors);
    awaitAllMasks("killed", processors);
    processors.forEach(ForkedJvm::close);

    List<ForkedJvm> quiet = new ArrayList<>(List.of(processor("quiet", 0)));
    awaitAllMasks("quiet", quiet);
    quiet.forEach(ForkedJvm::close);

    List<Mask> expected = masks("quiet");
    assertThat(expected).hasSize(PICTURES);
    assertThat(expected).extracting(Mask::content).hasOnlyElementsOfType(RunLengths.class);
    assertPresentationOrder(expected);
    List<Mask> actual = masks("killed");
    assertThat(MaskLogChecker.check(expected, actual)).isEmpty();
    assertThat(actual).hasSize(PICTURES);

    // The kills did interrupt work that a restart had to do again.
    assertThat(recoveries()).isNotEmpty();

    List<Identity> ofStatistics =
        values("killed.statistics")
            .map(FrameStatistics::parse)
            .map(FrameStatistics::identity)
            .toList();
    assertThat(ofStatistics)
        .containsExactlyInAnyOrderElementsOf(actual.stream().map(Mask::identity).toList());
    assertThat(values("killed.dead-letters").map(DeadLetter::parse)).isEmpty();
  }

  /// Waits as long as masks keep coming: how fast they come is not what is tested here. As any
  /// supervisor would, starts a processor again that has ended itself, which it does when a machine
  /// is so slow that the broker gives its transaction up.
  private void awaitAllMasks(String run, List<ForkedJvm> processors) throws Exception {
    long answered = 0;
    Instant progress = Instant.now();
    while (answered < PICTURES) {
      TimeUnit.SECONDS.sleep(1);
      for (int i = 0; i < processors.size(); i++) {
        if (!processors.get(i).alive()) {
          processors.set(i, processor(run, i));
        }
      }
      long now = masks(run).stream().map(Mask::identity).distinct().count();
      if (now > answered) {
        answered = now;
        progress = Instant.now();
      }
      if (progress.plus(PATIENCE).isBefore(Instant.now())) {
        throw new AssertionError(standstill(run, answered, processors));
      }
    }
  }

  private String standstill(String run, long answered, List<ForkedJvm> processors)
      throws IOException {
    StringBuilder message =
        new StringBuilder(
            "%s: no new mask for %s: masks=%d of %d, processors alive=%s, by camera=%s"
                .formatted(
                    run,
                    PATIENCE,
                    answered,
                    PICTURES,
                    processors.stream().map(ForkedJvm::alive).toList(),
                    masks(run).stream()
                        .collect(
                            Collectors.groupingBy(
                                mask -> mask.identity().cameraId(),
                                TreeMap::new,
                                Collectors.counting()))));
    try (var logs = Files.newDirectoryStream(folder, run + "-*.log")) {
      for (Path log : logs) {
        List<String> lines = Files.readAllLines(log);
        message.append("\n").append(log.getFileName()).append(":");
        lines.stream()
            .skip(Math.max(0, lines.size() - 15))
            .forEach(line -> message.append("\n  ").append(line));
      }
    }
    return message.toString();
  }

  private List<String> recoveries() throws IOException {
    List<String> recoveries = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      try (var lines = Files.lines(folder.resolve("killed-" + i + ".log"))) {
        lines
            .filter(line -> line.matches("recovered access units: [1-9].*"))
            .forEach(recoveries::add);
      }
    }
    return recoveries;
  }

  private ForkedJvm processor(String run, int number) {
    return fork(
        run + "-" + number,
        ProcessorProcess.class,
        brokers,
        run,
        folder.resolve("state-" + run + "-" + number).toString(),
        FRAMES,
        run);
  }

  private ForkedJvm fork(String name, Class<?> main, String... arguments) {
    ForkedJvm forked = ForkedJvm.start(folder.resolve(name + ".log"), main, arguments);
    running.add(forked);
    return forked;
  }

  /// Sends the cameras' access units side by side, a little at a time, and kills in between.
  private void sendAndKill(List<ForkedJvm> processors) throws Exception {
    Random random = new Random(SEED);
    List<AccessUnit> units = interleaved();
    Set<Integer> kills = new HashSet<>();
    while (kills.size() < KILLS) {
      kills.add(units.size() / 10 + random.nextInt(units.size() * 8 / 10));
    }
    long start = System.nanoTime();
    Properties client = new Properties();
    client.put("bootstrap.servers", brokers);
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    try (var producer =
        new KafkaProducer<>(
            CameraPublisher.properties(client, PublisherSettings.STANDARD),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < units.size(); i++) {
        AccessUnit unit = units.get(i);
        sent.add(
            producer.send(
                new ProducerRecord<>(
                    FRAMES,
                    unit.identity().cameraId().getBytes(StandardCharsets.UTF_8),
                    AccessUnits.toBytes(unit))));
        if (kills.contains(i)) {
          int victim = random.nextInt(processors.size());
          processors.get(victim).kill();
          processors.set(victim, processor("killed", victim));
        }
        long due = start + SENDING.toNanos() / units.size() * i;
        TimeUnit.NANOSECONDS.sleep(Math.max(0, due - System.nanoTime()));
      }
      for (Future<RecordMetadata> each : sent) {
        each.get();
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
    for (int i = 0; i < cameras.get(0).size(); i++) {
      for (List<AccessUnit> camera : cameras) {
        units.add(camera.get(i));
      }
    }
    return units;
  }

  private void createTopics() throws Exception {
    List<NewTopic> topics = new ArrayList<>();
    topics.add(topic(FRAMES));
    for (String run : List.of("killed", "quiet")) {
      Topics.withPrefix(run).all().stream().skip(1).forEach(name -> topics.add(topic(name)));
    }
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
      admin.createTopics(topics).all().get(60, TimeUnit.SECONDS);
    }
  }

  private static NewTopic topic(String name) {
    return new NewTopic(name, PARTITIONS, (short) 1)
        .configs(Map.of("message.timestamp.type", "LogAppendTime"));
  }

  private List<Mask> masks(String run) {
    return values(run + ".masks").map(Mask::parse).toList();
  }

  /// All committed values of a topic, partition by partition.
  private java.util.stream.Stream<byte[]> values(String topic) {
    List<TopicPartition> partitions = new ArrayList<>();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      partitions.add(new TopicPartition(topic, partition));
    }
    List<byte[]> values = new ArrayList<>();
    try (var consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", brokers, "isolation.level", "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          values.add(record.value());
        }
      }
    }
    return values.stream();
  }

  private static void assertPresentationOrder(List<Mask> masks) {
    Map<String, Long> last = new HashMap<>();
    for (Mask mask : masks) {
      Identity identity = mask.identity();
      Long before = last.put(identity.cameraId(), identity.pts());
      assertThat(before == null || before < identity.pts()).as("order at %s", identity).isTrue();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
