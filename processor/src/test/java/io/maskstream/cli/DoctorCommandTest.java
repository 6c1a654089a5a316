package io.maskstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.broker.LocalKafka;
import io.maskstream.release.ReleaseFile;
import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.AccessUnit.ColorMatrix;
import io.maskstream.wire.AccessUnit.ColorRange;
import io.maskstream.wire.AccessUnits;
import io.maskstream.wire.Codec;
import io.maskstream.wire.Identity;
import io.maskstream.wire.Identity.TimeBase;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is well is called well, and every fault is found with its remedy.
class DoctorCommandTest {

  private static final String WELL = "maskstream.frames";
  private static final String ILL = "ill.frames";
  private static final Map<String, String> FRAME_LOG =
      Map.of("message.timestamp.type", "LogAppendTime", "max.message.bytes", "8388608");

  @TempDir static Path folder;

  private static LocalKafka kafka;
  private static Path model;

  @BeforeAll
  static void start() throws Exception {
    kafka = LocalKafka.start(2);
    model = folder.resolve("scene.onnx");
    try (InputStream in = ReleaseFile.class.getResourceAsStream("/io/maskstream/demo/scene.onnx")) {
      Files.copy(in, model);
    }
    try (Admin admin = Admin.create(kafka.client())) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(ILL, 2, (short) 1).configs(FRAME_LOG),
                  new NewTopic("small.frames", 2, (short) 1)
                      .configs(Map.of("max.message.bytes", "1000000"))))
          .all()
          .get();
    }
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  @Test
  void whatIsWellIsCalledWell() {
    publish(WELL, "gate", Duration.ofSeconds(-5), Duration.ofSeconds(1));
    Outcome outcome = examine("-X", "model=" + model);
    assertThat(outcome.exitCode()).as(outcome.out() + outcome.err()).isZero();
    assertThat(outcome.out().lines())
        .anyMatch(line -> line.startsWith("ok       broker    bootstrap.servers=127.0.0.1:"))
        .anyMatch(line -> line.startsWith("ok       topics    all are as they should be"))
        .anyMatch(line -> line.matches("ok +clocks +camera=gate capture.ahead=-?[01]\\.\\d s"))
        .contains("ok       keyframes camera=gate keyframe.gap=1.0 s frames=126 keyframes=6")
        .anyMatch(line -> line.matches("ok +model +release=scene\\S* golden.frames=\\d .*"))
        .anyMatch(line -> line.startsWith("ok       gpu       inference.provider=auto used="))
        .anyMatch(line -> line.matches("ok +versions +java=25\\S* onnxruntime=\\S+ ffmpeg=.*"))
        .anyMatch(line -> line.contains("disk      state.dir=" + folder.resolve("state")))
        .allMatch(line -> line.startsWith("ok") || line.matches("warning +(cluster|disk) .*"));
  }

  @Test
  void everyFaultIsFoundWithItsRemedy() throws Exception {
    publish(ILL, "early", Duration.ofHours(1), Duration.ofSeconds(1));
    publish(ILL, "sparse", Duration.ofSeconds(-21), Duration.ofSeconds(20));
    Path page = Files.writeString(folder.resolve("page.onnx"), "<!DOCTYPE html><html></html>");
    Outcome outcome =
        examine("-X", "topics.frames=" + ILL, "-X", "topics.masks=none", "-X", "model=" + page);
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.out().lines().filter(line -> line.startsWith("failure")))
        .anyMatch(line ->
            line.contains("topics    none is missing")
                && line.endsWith("remedy: maskstream topics apply"))
        .anyMatch(line ->
            line.matches(".* camera=early capture.ahead=360\\d\\.\\d s; remedy: let NTP .*"))
        .anyMatch(line ->
            line.contains("camera=sparse keyframe.gap=20.0 s frames=526 keyframes=2; remedy: set")
                && line.contains("keyframe interval"))
        .anyMatch(line ->
            line.contains("page.onnx is refused") && line.contains("; remedy: package it again"))
        .hasSize(4);
  }

  @Test
  void smallRecordsAreAFailureAndSoIsAnUnsafeClusterInProduction() {
    Outcome outcome = examine("-X", "topics.frames=small.frames", "--production", "-o", "json");
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.out())
        .startsWith("{\"findings\":[{\"level\":\"ok\",\"subject\":\"broker\"")
        .contains(
            "{\"level\":\"failure\",\"subject\":\"topics\",\"what\":\"small.frames"
                + " max.message.bytes=1000000, wanted 8388608\",\"remedy\":\"maskstream topics"
                + " apply\"}")
        .contains(
            "{\"level\":\"failure\",\"subject\":\"cluster\",\"what\":\"replication.factor < 3")
        .contains("{\"level\":\"failure\",\"subject\":\"cluster\",\"what\":\"min.insync.replicas")
        .doesNotContain("transaction.version");
  }

  @Test
  void withoutABrokerTheRestIsLookedAtAllTheSame() throws Exception {
    int nobody;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = socket.getLocalPort();
    }
    Outcome outcome =
        doctor(
            "-b",
            "127.0.0.1:" + nobody,
            "-X",
            "kafka.default.api.timeout.ms=500",
            "-X",
            "kafka.request.timeout.ms=500");
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.out().lines())
        .anyMatch(line ->
            line.startsWith("failure  broker    no broker answers")
                && line.contains("bootstrap.servers=127.0.0.1:" + nobody)
                && line.contains("; remedy: check the address"))
        .anyMatch(line -> line.startsWith("warning  model     model= is not set; remedy: set "))
        .anyMatch(line -> line.startsWith("ok       versions"));
  }

  private static Outcome examine(String... more) {
    return doctor(
        Stream.concat(Stream.of("-b", kafka.bootstrapServers()), Stream.of(more))
            .toArray(String[]::new));
  }

  private static Outcome doctor(String... more) {
    List<String> words = new ArrayList<>(List.of("doctor"));
    words.addAll(List.of(more));
    words.addAll(List.of("-X", "state.dir=" + folder.resolve("state")));
    words.addAll(List.of("-X", "model.cache.dir=" + folder.resolve("cache")));
    return Outcome.of(words.toArray(String[]::new));
  }

  /// Five keyframes' time at 25 frames a second or, with long gaps, one gap and a second; the first
  /// frame by this much ahead of now.
  private static void publish(String topic, String camera, Duration ahead, Duration gap) {
    long every = gap.toMillis() / 40;
    long frames = gap.toSeconds() == 1 ? 5 * every + 1 : every + 26;
    Map<String, Object> client = Map.of("bootstrap.servers", kafka.bootstrapServers());
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
      assertThat(producer.partitionsFor(topic)).isNotEmpty(); // now, so that sending takes no time
      Instant first = Instant.now().plus(ahead);
      for (long i = 0; i < frames; i++) {
        Identity identity =
            new Identity(camera, "s", i, i, new TimeBase(1, 25), first.plusMillis(40 * i));
        AccessUnit unit =
            new AccessUnit(
                identity,
                Codec.H264,
                i % every == 0,
                ByteBuffer.wrap(new byte[100]),
                0,
                ColorMatrix.UNSPECIFIED,
                ColorRange.UNSPECIFIED,
                false);
        producer.send(
            new ProducerRecord<>(
                topic, camera.getBytes(StandardCharsets.UTF_8), AccessUnits.toBytes(unit)));
      }
    }
  }
}
