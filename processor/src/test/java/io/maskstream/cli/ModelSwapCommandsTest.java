package io.maskstream.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.maskstream.broker.LocalKafka;
import io.maskstream.config.ProcessorConfig;
import io.maskstream.release.Graphs;
import io.maskstream.release.ReleaseFile;
import io.maskstream.service.Processor;
import io.maskstream.topics.ControlTopics;
import io.maskstream.topics.ModelAssigner;
import io.maskstream.topology.StreamObserver;
import io.maskstream.wire.ModelHistory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `model use`, `rollback` and `status` as a user types them, against a real broker and processor;
/// each test goes on from where the one before has left the topic.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ModelSwapCommandsTest {

  @TempDir static Path folder;
  private static LocalKafka kafka;
  private static Processor processor;

  @BeforeAll
  static void start() throws Exception {
    kafka = LocalKafka.start(2);
    ProcessorConfig config =
        ProcessorConfig.read(
            null,
            Map.of(
                "bootstrap.servers", kafka.bootstrapServers(),
                "state.dir", folder.resolve("state").toString(),
                "inference.provider", "cpu",
                "model.keep.ms", "1000",
                "http.listen", "127.0.0.1:0"),
            Map.of());
    processor = Processor.open(config, Graphs.levels(1, 3, null), StreamObserver.NONE);
    processor.start();
  }

  @AfterAll
  static void stop() {
    processor.close();
    kafka.close();
  }

  @Test
  @Order(1)
  void beforeTheFirstUseTheReleaseOfTheConfigurationServes() {
    Outcome outcome = run("model", "rollback");
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err()).contains("no release is assigned: scope=all; name one with");
    assertThat(run("model", "status").out()).contains("SCOPE").contains("INSTANCE");
  }

  @Test
  @Order(2)
  void usePutsAReleaseInForceOnceEveryProcessorIsReady() throws Exception {
    Outcome outcome = run("model", "use", release(2).toString(), "-o", "json");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.err()).contains("1 of 1 processors are ready");
    assertThat(outcome.out())
        .contains("\"scope\":\"all\"", "\"number\":1", "\"release\":\"levels-2\"")
        .contains("\"effective_from\":\"20");
    assertThat(processor.scrape()).contains("maskstream_model_info", "version=\"2\"");
  }

  @Test
  @Order(3)
  void rollbackIsANewAssignmentOfTheReleaseBefore() throws Exception {
    assertThat(run("model", "use", release(3).toUri().toString()).exitCode()).isZero();
    Outcome outcome = run("model", "rollback", "-o", "json", "--margin", "100ms");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("\"number\":3", "\"release\":\"levels-2\"");
  }

  @Test
  @Order(4)
  void statusShowsScopesAndInstances() throws Exception {
    assertThat(run("model", "use", release(4).toString(), "--camera", "gate").exitCode()).isZero();
    Outcome table = run("model", "status");
    assertThat(table.exitCode()).as(table.err()).isZero();
    assertThat(table.out().lines().map(line -> line.replaceAll(" +", " ")))
        .anyMatch(line -> line.startsWith("all levels-2 20") && line.contains(" levels-3 -"))
        .anyMatch(line -> line.startsWith("camera/gate levels-4 20"))
        .anyMatch(line -> line.contains(" camera/gate levels-4 ready"));
    assertThat(run("model", "status", "-o", "json").out())
        .contains("{\"scopes\":[{\"scope\":\"all\",\"assignments\":[{\"number\":1,")
        .contains("\"instances\":[{\"instance_id\":\"")
        .contains("\"scope\":\"camera/gate\",\"number\":1,\"release\":\"levels-4\"")
        .contains("\"state\":\"ready\"");
  }

  @Test
  @Order(5)
  void aReleaseThatAProcessorRefusesIsNotAssigned() throws Exception {
    Path file = Files.write(folder.resolve("bad.onnx"), Graphs.unknownOperator().graph());
    Outcome outcome = run("model", "use", file.toString());
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err())
        .contains("release=unknown-1 is refused by instance=")
        .contains("OPERATOR: ")
        .contains("uses the operator Divine");
    await()
        .untilAsserted(() ->
            assertThat(run("model", "status").out())
                .contains("levels-2")
                .doesNotContain("unknown"));

    Path half = Files.write(folder.resolve("half.onnx"), half(Files.readAllBytes(file)));
    assertThat(run("model", "use", half.toString()).err()).contains("half.onnx");
  }

  /// At the rate of a thousand a minute; `-Dmaskstream.swaps=1000` is the whole minute.
  @Test
  @Order(6)
  void theLastOfManyCommandsWins() throws Exception {
    List<Path> files = new ArrayList<>();
    for (int version = 5; version < 9; version++) {
      files.add(release(version));
    }
    int swaps = Integer.getInteger("maskstream.swaps", 60);
    long start = System.nanoTime();
    try (ModelAssigner assigner =
        ModelAssigner.open(kafka.client(), ControlTopics.STANDARD, ModelHistory.ALL)) {
      for (int i = 0; i < swaps; i++) {
        TimeUnit.NANOSECONDS.sleep(
            start + TimeUnit.MILLISECONDS.toNanos(60) * i - System.nanoTime());
        Path file = files.get(i % 4);
        ReleaseFile release = ReleaseFile.read(file);
        assigner.use(
            release.release(),
            file.toUri().toString(),
            release.inputSize().toFrameSize(),
            Duration.ZERO,
            Duration.ZERO,
            _ -> {});
      }
    }
    System.out.printf("%d commands in %.1f s%n", swaps, (System.nanoTime() - start) / 1e9);
    Outcome last = run("model", "use", files.get(1).toString(), "--margin", "0s");
    assertThat(last.exitCode()).as(last.err()).isZero();
    assertThat(run("model", "status").out().lines().map(line -> line.replaceAll(" +", " ")))
        .anyMatch(line -> line.startsWith("all levels-6 20"))
        .anyMatch(line -> line.contains(" all levels-6 ready"));
    assertThat(processor.failure()).isNull();
  }

  @Test
  @Order(7)
  void withoutAProcessorUseAsksForOne() throws Exception {
    Outcome outcome =
        run(
            "model",
            "use",
            release(2).toString(),
            "--topic-prefix",
            "elsewhere",
            "--wait",
            "500ms");
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err()).contains("topic is missing: elsewhere.models");
  }

  private static byte[] half(byte[] graph) {
    return Arrays.copyOf(graph, graph.length / 2);
  }

  private static Path release(int version) throws IOException {
    return Files.write(
        folder.resolve("levels-" + version + ".onnx"),
        Graphs.levels(version, 2 + version, null).graph());
  }

  private static Outcome run(String... command) {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(List.of("-b", kafka.bootstrapServers()));
    return Outcome.of(all.toArray(String[]::new));
  }
}
