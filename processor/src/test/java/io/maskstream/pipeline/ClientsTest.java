package io.maskstream.pipeline;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.maskstream.camera.CameraAddress;
import io.maskstream.camera.CameraSource;
import io.maskstream.camera.SourceSettings;
import io.maskstream.inference.ClassMap;
import io.maskstream.inference.Segmented;
import io.maskstream.inference.Segmenter;
import io.maskstream.release.Graphs;
import io.maskstream.topology.Topics;
import io.maskstream.video.Frame;
import io.maskstream.video.Grid;
import io.maskstream.video.Limits;
import io.maskstream.wire.Marker;
import io.maskstream.wire.Mask;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The clients of `proto/clients` read from Kafka what the network said of coded video, pixel by
/// pixel.
class ClientsTest {

  private static final int MASKS = 100;
  private static final Path ROOT = Path.of(System.getProperty("maskstream.root"));
  private static final Path CLIENTS = ROOT.resolve("proto/clients");
  private static final Path NODE = ROOT.resolve("proto/target/node");

  @TempDir static Path scratch;

  /// The picture that a client should write, by sequence.
  private static final Map<Long, byte[]> EXPECTED = new HashMap<>();

  private static Pipeline pipeline;

  @TempDir Path folder;

  @BeforeAll
  static void aHundredMasksAndSomeMarkers() throws Exception {
    Listening network = new Listening();
    pipeline = new Pipeline(scratch, Graphs.levels(1, 200, null), Limits.STANDARD, network::before);
    try (CameraSource source = camera("late")) {
      source.next(); // its keyframe is lost
      for (int i = 0; i < 3; i++) {
        pipeline.send(source.next().orElseThrow());
      }
      pipeline.send(source.endOfSession());
    }
    try (CameraSource source = camera("gate")) {
      for (int i = 0; i < MASKS; i++) {
        pipeline.send(source.next().orElseThrow());
      }
      pipeline.send(source.endOfSession());
    }
    pipeline.readUntil(() -> pipeline.masks.size() == MASKS + 3, Duration.ofMinutes(1));
    List<Mask> masks =
        pipeline.masks.stream().filter(mask -> !(mask.content() instanceof Marker)).toList();
    assertThat(masks).hasSize(MASKS).hasSameSizeAs(network.answers);
    for (int i = 0; i < MASKS; i++) {
      EXPECTED.put(
          masks.get(i).identity().sequence(), picture(network.answers.get(i).join().classMap()));
    }
    assertThat(EXPECTED).hasSize(MASKS);
  }

  @AfterAll
  static void stop() {
    pipeline.close();
  }

  @Test
  void theJavaClientReadsEveryPixel() throws Exception {
    requireEveryPixel(
        ROOT,
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xshare:auto",
        "-XX:TieredStopAtLevel=1",
        CLIENTS.resolve("java/ReadMasks.java").toString());
  }

  @Test
  void thePythonClientReadsEveryPixel() throws Exception {
    String python = "";
    for (String name : List.of("/usr/bin/python3", "python3")) {
      if (works(name, "-c", "import confluent_kafka, google.protobuf, numpy")) {
        python = name;
      }
    }
    assumeTrue(
        !python.isEmpty(),
        "skipped: no python3 with its packages here (Debian: python3-confluent-kafka"
            + " python3-numpy python3-protobuf)");
    requireEveryPixel(ROOT, python, CLIENTS.resolve("python/read_masks.py").toString());
  }

  @Test
  void theTypeScriptClientReadsEveryPixel() throws Exception {
    assumeTrue(
        works("node", "--version") && works("npm", "--version"), "skipped: no Node and npm here");
    Path sources = CLIENTS.resolve("ts");
    Files.createDirectories(NODE);
    boolean changed = false;
    for (String name : List.of("package.json", "package-lock.json", ".npmrc", "tsconfig.json")) {
      byte[] wanted = Files.readAllBytes(sources.resolve(name));
      Path own = NODE.resolve(name);
      if (!Files.exists(own) || !Arrays.equals(Files.readAllBytes(own), wanted)) {
        Files.write(own, wanted);
        changed = true;
      }
    }
    if (changed || !Files.exists(NODE.resolve("node_modules/.package-lock.json"))) {
      Ran npm = run(NODE, Map.of(), "npm", "ci", "--no-audit", "--no-fund");
      if (npm.exitCode() != 0) {
        Files.delete(NODE.resolve("package-lock.json"));
      }
      assumeTrue(npm.exitCode() == 0, "skipped: npm fetches no packages here: " + npm.err());
    }
    Files.copy(sources.resolve("read-masks.ts"), NODE.resolve("read-masks.ts"), REPLACE_EXISTING);
    Ran tsc = run(NODE, Map.of(), "node", "node_modules/typescript/bin/tsc");
    assertThat(tsc).isEqualTo(new Ran(0, "", ""));
    requireEveryPixel(sources, "node", NODE.resolve("read-masks.js").toString());
  }

  @Test
  void theLinesForATerminalReadAMaskAndStatistics() throws Exception {
    Path protoc = ROOT.resolve("proto/target/tools/protoc.exe");
    assumeTrue(
        works("kcat", "-V") && protoc.toFile().setExecutable(true),
        "skipped: no kcat here (Debian: kcat)");
    List<String> lines =
        Files.readAllLines(ROOT.resolve("proto/README.md")).stream()
            .filter(line -> line.startsWith("kcat "))
            .toList();
    assertThat(lines).hasSize(3);
    for (String line : lines) {
      Ran ran =
          run(
              ROOT,
              Map.of(),
              "sh",
              "-c",
              line.replace("localhost:9092", pipeline.bootstrapServers())
                  .replace("| protoc", "| " + protoc));
      assertThat(ran.exitCode()).as(ran.err()).isZero();
      assertThat(ran.out()).contains(line.contains("%h") ? "ce_source=/cameras/" : "camera_id: ");
    }
  }

  private void requireEveryPixel(Path directory, String... client) throws Exception {
    List<String> command = new ArrayList<>(List.of(client));
    command.addAll(
        List.of(
            pipeline.bootstrapServers(),
            Topics.STANDARD.masks(),
            Integer.toString(MASKS),
            folder.toString()));
    Ran ran =
        run(
            directory,
            Map.of("CLASSPATH", System.getProperty("java.class.path")),
            command.toArray(String[]::new));
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    Map<Long, byte[]> read = new HashMap<>();
    for (String line : ran.out().lines().toList()) {
      String[] words = line.split(" ");
      assertThat(words[1]).isEqualTo("gate");
      read.put(Long.valueOf(words[2]), Files.readAllBytes(folder.resolve(words[0])));
    }
    assertThat(read).containsOnlyKeys(EXPECTED.keySet());
    read.forEach((sequence, file) ->
        assertThat(file).as("mask %s", sequence).isEqualTo(EXPECTED.get(sequence)));
  }

  /// As a grey picture of class ids.
  private static byte[] picture(ClassMap map) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    String head = "P5 %d %d 255\n".formatted(map.size().width(), map.size().height());
    file.write(head.getBytes(StandardCharsets.US_ASCII));
    file.write(map.classes());
    return file.toByteArray();
  }

  private static CameraSource camera(String id) {
    return CameraSource.open(id, CameraAddress.of("testsrc:160x120"), SourceSettings.STANDARD);
  }

  private record Ran(int exitCode, String out, String err) {}

  private boolean works(String... command) throws InterruptedException {
    try {
      return run(ROOT, Map.of(), command).exitCode() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private Ran run(Path directory, Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    Path out = scratch.resolve("out");
    Path err = scratch.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    boolean ended = process.waitFor(90, TimeUnit.SECONDS);
    process.destroyForcibly();
    assertThat(ended).as("ends: " + String.join(" ", command) + Files.readString(err)).isTrue();
    return new Ran(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  /// Stands before the network and keeps what it says, frame by frame.
  private static final class Listening {

    final List<CompletableFuture<Segmented>> answers =
        Collections.synchronizedList(new ArrayList<>());

    Segmenter before(Segmenter network) {
      return new Segmenter() {
        @Override
        public Grid grid() {
          return network.grid();
        }

        @Override
        public List<String> classNames() {
          return network.classNames();
        }

        @Override
        public CompletableFuture<Segmented> submit(Frame frame) {
          CompletableFuture<Segmented> answer = network.submit(frame);
          answers.add(answer);
          return answer;
        }

        @Override
        public void close() {
          network.close();
        }
      };
    }
  }
}
