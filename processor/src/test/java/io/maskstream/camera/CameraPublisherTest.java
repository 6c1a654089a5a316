package io.maskstream.camera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.maskstream.broker.EmbeddedBroker;
import io.maskstream.camera.SceneEncoder.Settings;
import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.AccessUnits;
import io.maskstream.wire.CameraStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/// Publishes generated clips to a real broker.
class CameraPublisherTest {

  private static final int LARGEST = 8 << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir static Path folder;

  private static EmbeddedBroker broker;

  private final List<String> notices = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void startBroker() {
    broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @Test
  void publishesAClipOnceInOrderAndEndsItsSession(TestInfo test) throws Exception {
    PublisherSettings settings = settings(test, Map.of()).withOnce(true).withPace(Pace.MAX);
    Path clip = clip("once.264", 30);
    try (CameraPublisher publisher = connect(settings)) {
      publisher.start("gate", CameraAddress.of(clip.toString()));
      publisher.start("yard", CameraAddress.of(clip.toString()));
      assertThat(publisher.await(PATIENCE)).isTrue();
      assertThat(publisher.failures()).isEmpty();
    }
    List<AccessUnit> published = published(settings, "gate");
    Reading read = Reading.of(clip);
    assertThat(published).hasSize(31);
    assertThat(published.stream().map(Reading::bytes).toList())
        .startsWith(read.units().stream().map(Reading::bytes).toArray(byte[][]::new));
    assertThat(published)
        .extracting(unit -> unit.identity().sequence())
        .isEqualTo(LongStream.rangeClosed(0, 30).boxed().toList());
    assertThat(published.getLast().endOfSession()).isTrue();
    assertThat(published(settings, "yard")).hasSize(31);
  }

  @Test
  void saysWhatBecomesOfTheCameraWithoutItsAddress(TestInfo test) throws Exception {
    PublisherSettings settings = settings(test, Map.of()).withOnce(true).withPace(Pace.MAX);
    try (CameraPublisher publisher = connect(settings)) {
      publisher.start("gate", CameraAddress.of(clip("status.264", 5).toString()));
      assertThat(publisher.await(PATIENCE)).isTrue();
    }
    List<CameraStatus> statuses = statuses(settings);
    assertThat(statuses)
        .extracting(CameraStatus::state)
        .containsExactly(
            CameraStatus.State.DOWN, CameraStatus.State.UP, CameraStatus.State.STOPPED);
    assertThat(statuses.get(1).description()).startsWith("h264 ").contains("160x96");
    assertThat(statuses).noneMatch(status -> status.toString().contains("status.264"));
    assertThat(CameraDirectory.read(client(), settings.camerasTopic().orElseThrow()))
        .containsExactly(statuses.getLast());
  }

  @Test
  void playsAFileAgainInANewSessionUntilItIsStopped(TestInfo test) throws Exception {
    PublisherSettings settings = settings(test, Map.of()).withPace(new Pace(20));
    try (CameraPublisher publisher = connect(settings)) {
      publisher.start("gate", CameraAddress.of(clip("loop.264", 20).toString()));
      await().atMost(PATIENCE).until(() -> publisher.read().getFirst().accessUnits() > 45);
    }
    List<AccessUnit> published = published(settings, "gate");
    List<String> sessions =
        published.stream().map(unit -> unit.identity().sessionId()).distinct().toList();
    assertThat(sessions).hasSizeGreaterThanOrEqualTo(3);
    for (String session : sessions) {
      List<AccessUnit> units =
          published.stream().filter(unit -> unit.identity().sessionId().equals(session)).toList();
      assertThat(units.getLast().endOfSession()).as("ended, even where stopped").isTrue();
      assertThat(units.stream().filter(AccessUnit::endOfSession)).hasSize(1);
      assertThat(units)
          .extracting(unit -> unit.identity().sequence())
          .isEqualTo(LongStream.range(0, units.size()).boxed().toList());
    }
  }

  @Test
  void keepsThePaceOfThePts(TestInfo test) throws Exception {
    PublisherSettings settings = settings(test, Map.of()).withOnce(true).withPace(new Pace(2));
    long begun = System.nanoTime();
    try (CameraPublisher publisher = connect(settings)) {
      publisher.start("gate", CameraAddress.of(clip("pace.264", 31).toString()));
      assertThat(publisher.await(PATIENCE)).isTrue();
    }
    // 30 intervals of a 25th of a second, twice as fast.
    assertThat(Duration.ofNanos(System.nanoTime() - begun))
        .isGreaterThanOrEqualTo(Duration.ofMillis(600));
  }

  @Test
  void leavesOutATooLargeAccessUnitAndGoesOnAtTheNextKeyframe(TestInfo test) throws Exception {
    List<AccessUnit> small = Clips.encode(Settings.h264(160, 96, 25, 5), 10);
    List<AccessUnit> large = Clips.encode(Settings.h264(1280, 720, 25, 5), 5);
    int limit = large.getFirst().data().remaining();
    assertThat(limit).isGreaterThan(4 * small.getFirst().data().remaining());
    List<AccessUnit> all = new ArrayList<>(small.subList(0, 5));
    all.addAll(large);
    all.addAll(small.subList(5, 10));
    Path clip = Clips.bare(folder.resolve("large.264"), all);
    PublisherSettings settings =
        settings(test, Map.of("max.message.bytes", Integer.toString(limit)))
            .withOnce(true)
            .withPace(Pace.MAX);
    try (CameraPublisher publisher = connect(settings)) {
      publisher.start("gate", CameraAddress.of(clip.toString()));
      assertThat(publisher.await(PATIENCE)).isTrue();
      assertThat(publisher.failures()).isEmpty();
      assertThat(publisher.read().getFirst().dropped()).isEqualTo(5);
    }
    assertThat(published(settings, "gate").stream().map(unit -> unit.identity().sequence()))
        .containsExactly(0L, 1L, 2L, 3L, 4L, 10L, 11L, 12L, 13L, 14L, 15L);
    assertThat(notices)
        .singleElement()
        .satisfies(notice ->
            assertThat(notice)
                .contains("camera=gate", settings.framesTopic(), "limit=" + limit)
                .contains("maskstream topics apply"));
  }

  @Test
  void triesACameraAgainUntilItIsThere(TestInfo test) throws Exception {
    PublisherSettings settings =
        settings(test, Map.of())
            .withPace(Pace.MAX)
            .withBackoff(
                new Backoff(Duration.ofMillis(20), Duration.ofMillis(50), Duration.ofSeconds(9)));
    Path late = folder.resolve("late.264");
    try (CameraPublisher publisher = connect(settings)) {
      publisher.start("gate", CameraAddress.of(late.toString()));
      await().atMost(PATIENCE).until(() -> publisher.read().getFirst().reconnects() >= 2);
      assertThat(notices.getFirst()).contains("camera=gate", "No such file", "trying again in");
      Clips.bare(folder.resolve("ready.264"), Clips.encode(Settings.h264(160, 96, 25, 5), 5));
      java.nio.file.Files.move(folder.resolve("ready.264"), late);
      await().atMost(PATIENCE).until(() -> publisher.read().getFirst().accessUnits() >= 5);
    }
    assertThat(published(settings, "gate").getFirst().keyframe()).isTrue();
  }

  @Test
  void reconnectsToACameraThatHangsUpInANewSession(TestInfo test) throws Exception {
    PublisherSettings settings =
        settings(test, Map.of())
            .withBackoff(
                new Backoff(Duration.ofMillis(20), Duration.ofMillis(50), Duration.ofSeconds(9)));
    List<AccessUnit> units = Clips.encode(Settings.h264(160, 96, 10, 5), 12);
    try (RtspServer camera = new RtspServer(units, Instant.now(), true);
        CameraPublisher publisher = connect(settings)) {
      publisher.start("gate", camera.address());
      await().atMost(PATIENCE).until(() -> publisher.read().getFirst().reconnects() >= 2);
      assertThat(notices.getFirst()).contains("camera=gate", "trying again in");
      assertThat(notices.toString()).doesNotContain("s3cret");
    }
    List<AccessUnit> published = published(settings, "gate");
    assertThat(published.stream().map(unit -> unit.identity().sessionId()).distinct())
        .hasSizeGreaterThanOrEqualTo(2);
    assertThat(published.subList(0, 13))
        .extracting(unit -> unit.identity().sequence())
        .isEqualTo(LongStream.rangeClosed(0, 12).boxed().toList());
    assertThat(published.get(12).endOfSession()).isTrue();
    assertThat(statuses(settings).stream().map(CameraStatus::toString).toList().toString())
        .contains("DOWN", "UP")
        .doesNotContain("s3cret")
        .doesNotContain("rtsp");
  }

  @Test
  void failsOnceWithTheReason(TestInfo test) throws Exception {
    PublisherSettings settings = settings(test, Map.of()).withOnce(true);
    try (CameraPublisher publisher = connect(settings)) {
      publisher.start("gate", CameraAddress.of(folder.resolve("absent.264").toString()));
      assertThat(publisher.await(PATIENCE)).isTrue();
      assertThat(publisher.failures())
          .singleElement()
          .asString()
          .contains("camera=gate", "absent.264", "No such file");
    }
  }

  @Test
  void refusesAMissingTopicWithinSeconds() {
    PublisherSettings settings =
        PublisherSettings.STANDARD.withTopics("nowhere.frames", Optional.empty());
    assertThatThrownBy(() -> connect(settings))
        .isInstanceOf(CameraException.class)
        .hasMessageContaining("topic nowhere.frames is missing")
        .hasMessageContaining("maskstream topics apply");
  }

  @Test
  void givesUpAnAbsentBrokerAfterTenSeconds() throws IOException {
    Properties client = new Properties();
    try (ServerSocket silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      client.put("bootstrap.servers", "127.0.0.1:" + silent.getLocalPort());
      long begun = System.nanoTime();
      assertThatThrownBy(
              () -> CameraPublisher.connect(client, PublisherSettings.STANDARD, notices::add))
          .isInstanceOf(CameraException.class)
          .hasMessageContaining("no Kafka broker answers at 127.0.0.1:" + silent.getLocalPort());
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(25));
    }
  }

  private CameraPublisher connect(PublisherSettings settings) {
    return CameraPublisher.connect(client(), settings, notices::add);
  }

  private static Path clip(String name, int pictures) {
    return Clips.bare(folder.resolve(name), Clips.encode(Settings.h264(160, 96, 25, 10), pictures));
  }

  private static Properties client() {
    Properties client = new Properties();
    client.put("bootstrap.servers", broker.bootstrapServers());
    return client;
  }

  /// Topics of the test's own.
  private static PublisherSettings settings(TestInfo test, Map<String, String> topicConfig)
      throws Exception {
    String name = test.getTestMethod().orElseThrow().getName();
    Map<String, String> config = new java.util.HashMap<>();
    config.put("max.message.bytes", Integer.toString(LARGEST));
    config.putAll(topicConfig);
    try (Admin admin = Admin.create(client())) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(name + ".frames", 1, (short) 1).configs(config),
                  new NewTopic(name + ".cameras", 1, (short) 1)))
          .all()
          .get();
    }
    return PublisherSettings.STANDARD.withTopics(name + ".frames", Optional.of(name + ".cameras"));
  }

  private static List<AccessUnit> published(PublisherSettings settings, String camera) {
    List<AccessUnit> units = new ArrayList<>();
    records(
        settings.framesTopic(),
        (key, value) -> {
          if (key.equals(camera)) {
            units.add(AccessUnits.parse(key, value, LARGEST));
          }
        });
    return units;
  }

  private static List<CameraStatus> statuses(PublisherSettings settings) {
    List<CameraStatus> statuses = new ArrayList<>();
    records(
        settings.camerasTopic().orElseThrow(),
        (_, value) -> statuses.add(CameraStatus.parse(value)));
    return statuses;
  }

  private static void records(
      String topic, java.util.function.BiConsumer<String, byte[]> receiver) {
    TopicPartition partition = new TopicPartition(topic, 0);
    try (var consumer =
        new KafkaConsumer<>(client(), new StringDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      while (consumer.position(partition) < end) {
        consumer
            .poll(Duration.ofMillis(200))
            .forEach(record -> receiver.accept(record.key(), record.value()));
      }
    }
  }
}
