package io.maskstream.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.maskstream.broker.LocalKafka;
import io.maskstream.camera.CameraAddress;
import io.maskstream.camera.CameraPublisher;
import io.maskstream.camera.PublisherSettings;
import io.maskstream.config.ProcessorConfig;
import io.maskstream.gate.Candidates;
import io.maskstream.release.ReleaseFile;
import io.maskstream.service.Processor;
import io.maskstream.topics.Answer;
import io.maskstream.topics.AnswerReader;
import io.maskstream.topology.StreamObserver;
import io.maskstream.wire.Identity;
import io.maskstream.wire.Mask;
import io.maskstream.wire.RunLengths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `model shadow`, `promote` and `withdraw`, and releases that go bad while cameras run, against a
/// real broker, processor and encoded video. The tests share them, in their order.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ModelShadowCommandsTest {

  private static final Pattern MEAN_IOU = Pattern.compile("\"mean_iou\":([0-9.]+)");

  @TempDir static Path folder;
  private static LocalKafka kafka;
  private static Processor processor;
  private static CameraPublisher cameras;

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
                "inference.batch.max", "4",
                "http.listen", "127.0.0.1:0"),
            Map.of());
    processor = Processor.open(config, ReleaseFile.read(tiny("honest", "1")), StreamObserver.NONE);
    processor.start();
    cameras = CameraPublisher.connect(kafka.client(), PublisherSettings.STANDARD, _ -> {});
    for (String camera : List.of("gate", "yard", "door")) {
      cameras.start(camera, CameraAddress.of("testsrc:96x64@25"));
    }
    await().until(() -> processor.scrape().contains("result=\"mask\""));
  }

  @AfterAll
  static void stop() {
    cameras.close();
    processor.close();
    kafka.close();
  }

  @Test
  @Order(1)
  void aGoodCandidateIsComparedAndPromoted() throws Exception {
    Path other = tiny("other", "2");
    Outcome outcome =
        run(
            "model",
            "shadow",
            other.toString(),
            "--share",
            "100%",
            "--frames",
            "60",
            "--promote",
            "--margin",
            "100ms",
            "-o",
            "json");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("\"candidate\":\"other-2\"", "\"failed\":0", "\"release\":\"other-2\"");
    Matcher said = MEAN_IOU.matcher(outcome.out());
    assertThat(said.find()).isTrue();
    // The masks of both are there to be compared; the report is of about the same frames.
    assertThat(Double.parseDouble(said.group(1))).isCloseTo(meanIouOfTheMasks(), within(0.05));
    assertThat(run("model", "status").out()).contains("other-2").doesNotContain("rejected");
  }

  private static org.assertj.core.data.Offset<Double> within(double most) {
    return org.assertj.core.data.Offset.offset(most);
  }

  /// Written out naively from the two topics of masks.
  private static double meanIouOfTheMasks() {
    Map<Identity, Mask> candidates = masks("maskstream.masks.shadow");
    Map<Identity, Mask> serving = masks("maskstream.masks");
    long[] both = new long[Candidates.CLASSES];
    long[] either = new long[Candidates.CLASSES];
    int frames = 0;
    for (Map.Entry<Identity, Mask> entry : candidates.entrySet()) {
      Mask other = serving.get(entry.getKey());
      if (other == null || !"honest".equals(other.release().name())) {
        continue;
      }
      frames++;
      byte[] one = pixels(entry.getValue());
      byte[] two = pixels(other);
      for (int i = 0; i < one.length; i++) {
        for (int c = 0; c < both.length; c++) {
          both[c] += one[i] == c && two[i] == c ? 1 : 0;
          either[c] += one[i] == c || two[i] == c ? 1 : 0;
        }
      }
    }
    assertThat(frames).isGreaterThanOrEqualTo(60);
    double sum = 0;
    int seen = 0;
    for (int c = 0; c < both.length; c++) {
      sum += either[c] == 0 ? 0 : (double) both[c] / either[c];
      seen += either[c] == 0 ? 0 : 1;
    }
    return sum / seen;
  }

  private static byte[] pixels(Mask mask) {
    RunLengths runs = (RunLengths) mask.content();
    return runs.runs().expand(runs.width() * runs.height());
  }

  @ParameterizedTest
  @CsvSource({
    "nan, NaN",
    "batches, micro-batches",
    "constant, one class only",
    "slow, more than 3 times",
  })
  @Order(2)
  void aCandidateThatGoesBadIsRejectedAndMakesNoMask(String kind, String reason) throws Exception {
    Path bad = bad(kind);
    Outcome outcome =
        run("model", "shadow", bad.toString(), "--share", "100%", "--frames", "100000");
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err()).contains("is rejected: ").contains(reason);
    String name = ReleaseFile.read(bad).release().toString();
    assertThat(run("model", "status").out()).contains(name + " is rejected: ");
    Outcome promoting = run("model", "promote");
    assertThat(promoting.exitCode()).isEqualTo(1);
    assertThat(promoting.err()).contains(name + " is rejected: ");
    assertThat(releases(masks("maskstream.masks"))).containsExactly("honest-1", "other-2");
  }

  @ParameterizedTest
  @CsvSource({"nan, NaN", "constant, one class only"})
  @Order(3)
  void aReleaseThatGoesBadInForceIsRolledBackWithinTenSeconds(String kind, String reason)
      throws Exception {
    Outcome use = run("model", "use", bad(kind).toString(), "--margin", "100ms");
    assertThat(use.exitCode()).as(use.err()).isZero();
    Instant inForce = Instant.now();
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> run("model", "status").out().contains("rolled back from"));
    Duration took = Duration.between(inForce, Instant.now());
    System.out.println(kind + " was rolled back after " + took);
    assertThat(run("model", "status").out().lines().map(line -> line.replaceAll(" +", " ")))
        .anyMatch(line -> line.startsWith("all other-2 20") && line.contains(reason));
  }

  @Test
  @Order(4)
  void aWithdrawnReleaseGivesWayToTheConfiguration() throws Exception {
    Outcome outcome = run("model", "withdraw", "--margin", "100ms");
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    // Its session was closed meanwhile, and is opened again.
    await()
        .untilAsserted(() ->
            assertThat(run("model", "status").out().lines().map(line -> line.replaceAll(" +", " ")))
                .anyMatch(line -> line.startsWith("all (withdrawn) 20"))
                .anyMatch(line -> line.contains(" (configuration) honest-1 ready")));
    Instant withdrawn = Instant.now();
    await()
        .until(() ->
            masks("maskstream.masks").values().stream()
                .anyMatch(mask ->
                    mask.identity().captureTime().isAfter(withdrawn)
                        && "honest".equals(mask.release().name())));
    assertThat(run("model", "withdraw").err()).contains("no release is assigned: scope=all");
  }

  private static TreeSet<String> releases(Map<Identity, Mask> masks) {
    TreeSet<String> releases = new TreeSet<>();
    masks.values().forEach(mask -> releases.add(mask.release().toString()));
    return releases;
  }

  /// Every mask that a topic holds, markers left out.
  private static Map<Identity, Mask> masks(String topic) {
    Map<Identity, Mask> masks = new HashMap<>();
    try (AnswerReader reader =
        AnswerReader.open(
            kafka.client(),
            new AnswerReader.Of(topic, null, List.of()),
            new AnswerReader.From.Beginning())) {
      Instant now = Instant.now();
      boolean[] more = {true};
      while (more[0]) {
        more[0] =
            reader.poll(
                        Duration.ofMillis(300),
                        answer -> {
                          Mask mask = ((Answer.OfMask) answer).mask();
                          if (mask.release() != null) {
                            masks.put(mask.identity(), mask);
                          }
                        })
                    > 0
                && Instant.now().isBefore(now.plusSeconds(5));
      }
    }
    return masks;
  }

  private static Path tiny(String name, String version) throws IOException {
    return Files.write(folder.resolve(name + ".onnx"), Candidates.named(name, version).toBytes());
  }

  private static Path bad(String kind) throws IOException {
    byte[] graph =
        switch (kind) {
          case "nan" -> Candidates.notANumberOnce(100);
          case "batches" -> Candidates.failsInBatches(5);
          case "constant" -> Candidates.oneClass();
          case "slow" -> Candidates.slow();
          default -> throw new IllegalArgumentException(kind);
        };
    return Files.write(folder.resolve(kind + ".onnx"), graph);
  }

  private static Outcome run(String... command) {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(List.of("-b", kafka.bootstrapServers()));
    return Outcome.of(all.toArray(String[]::new));
  }
}
