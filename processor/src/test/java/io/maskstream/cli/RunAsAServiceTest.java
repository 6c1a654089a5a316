package io.maskstream.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.maskstream.broker.EmbeddedBroker;
import io.maskstream.camera.CameraAddress;
import io.maskstream.camera.CameraSource;
import io.maskstream.camera.SourceSettings;
import io.maskstream.release.ReleaseFile;
import io.maskstream.topology.ForkedJvm;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// `maskstream run` as its user runs it: a configuration file, two processors on one host, cameras
/// published beside them, and an end by SIGTERM. Broker and processors are processes of their own.
class RunAsAServiceTest {

  private static final int PICTURES = 200;
  private static final List<String> CAMERAS = List.of("gate", "yard", "dock", "hall");
  private static final int ANSWERS = PICTURES * CAMERAS.size();
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Pattern LINE =
      Pattern.compile(
          "\"camera_id\":\"(\\w+)\".*?\"sequence\":(\\d+).*?\"width\":(\\d+),\"height\":(\\d+)");

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  private final List<ForkedJvm> running = new ArrayList<>();
  private String brokers = "";

  @AfterEach
  void endAll() {
    running.forEach(ForkedJvm::kill);
  }

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void twoProcessorsShareTheCamerasAndNothingIsLostWhenOneIsStoppedAndStartedAgain()
      throws Exception {
    int port = freePort();
    brokers = "127.0.0.1:" + port;
    fork("broker", EmbeddedBroker.class, folder.resolve("log").toString(), Integer.toString(port));
    await()
        .atMost(PATIENCE)
        .until(() -> command("topics", "apply", "--partitions", "4").exitCode() == 0);
    Path config = configuration();
    int[] ports = {freePort(), freePort()};
    ForkedJvm first = processor(config, "a", ports[0]);
    ForkedJvm second = processor(config, "b", ports[1]);
    await().atMost(PATIENCE).until(() -> get(ports[0], "/readyz").startsWith("200"));
    await().atMost(PATIENCE).until(() -> get(ports[1], "/readyz").startsWith("200"));

    CompletableFuture<Outcome> publishing = CompletableFuture.supplyAsync(this::publish);
    assertThat(answers(ANSWERS / 4)).hasSize(ANSWERS / 4);
    long start = System.nanoTime();
    assertThat(first.terminate()).isZero();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
    assertThat(Files.readString(folder.resolve("a.log"))).endsWith("stopped\n");
    ForkedJvm again = processor(config, "a", ports[0]);

    assertThat(publishing.get(2, TimeUnit.MINUTES).exitCode()).isZero();
    assertThat(answers(ANSWERS)).hasSize(ANSWERS);
    await().atMost(PATIENCE).until(() -> get(ports[0], "/readyz").startsWith("200"));
    assertThat(get(ports[0], "/metrics") + get(ports[1], "/metrics"))
        .contains("maskstream_frames_total{camera=\"", "result=\"mask\"}")
        .contains("maskstream_model_info{");
    assertThat(again.terminate()).isZero();
    assertThat(second.terminate()).isZero();
    assertEachOnceAndInOrder(answers(ANSWERS + 1, Duration.ofSeconds(5)));
  }

  private static void assertEachOnceAndInOrder(List<String> lines) {
    TreeMap<String, List<Long>> sequences = new TreeMap<>();
    for (String line : lines) {
      Matcher answer = LINE.matcher(line);
      assertThat(answer.find()).as(line).isTrue();
      sequences
          .computeIfAbsent(answer.group(1), _ -> new ArrayList<>())
          .add(Long.valueOf(answer.group(2)));
      assertThat(answer.group(3) + "x" + answer.group(4))
          .as("size of a mask of %s", answer.group(1))
          .isEqualTo(answer.group(1).equals("yard") ? "80x48" : "160x96");
    }
    assertThat(sequences.keySet()).containsExactlyInAnyOrderElementsOf(CAMERAS);
    List<Long> all = LongStream.range(0, PICTURES).boxed().toList();
    assertThat(sequences).allSatisfy((_, seen) -> assertThat(seen).isEqualTo(all));
  }

  private Path configuration() throws IOException {
    Path model = folder.resolve("scene.onnx");
    try (InputStream in = ReleaseFile.class.getResourceAsStream("/io/maskstream/demo/scene.onnx")) {
      Files.copy(in, model);
    }
    return Files.writeString(
        folder.resolve("maskstream.properties"),
        """
        bootstrap.servers=%s
        model=%s
        inference.provider=cpu
        inference.threads=1
        camera.yard.size=80x48
        """
            .formatted(brokers, model));
  }

  /// Two processors of one host differ by nothing else.
  private ForkedJvm processor(Path config, String name, int port) {
    return fork(
        name,
        Main.class,
        "run",
        "-c",
        config.toString(),
        "-X",
        "state.dir=" + folder.resolve("state-" + name),
        "-X",
        "http.listen=127.0.0.1:" + port);
  }

  private Outcome publish() {
    Path clip = folder.resolve("clip.264");
    try (CameraSource scene =
            CameraSource.open(
                "any", CameraAddress.of("testsrc:160x96@100"), SourceSettings.STANDARD);
        OutputStream out = Files.newOutputStream(clip)) {
      for (int i = 0; i < PICTURES; i++) {
        ByteBuffer coded = scene.next().orElseThrow().data().duplicate();
        byte[] bytes = new byte[coded.remaining()];
        coded.get(bytes);
        out.write(bytes);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    List<String> arguments = new ArrayList<>(List.of("camera", "publish", "--once"));
    CAMERAS.forEach(camera -> arguments.add(camera + "=" + clip));
    return command(arguments.toArray(String[]::new));
  }

  private List<String> answers(int wanted) {
    return answers(wanted, PATIENCE);
  }

  private List<String> answers(int wanted, Duration limit) {
    return command(
            "mask",
            "tail",
            "--from",
            "beginning",
            "-o",
            "json",
            "--max",
            Integer.toString(wanted),
            "--for",
            limit.toSeconds() + "s")
        .out()
        .lines()
        .toList();
  }

  private Outcome command(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("-b", brokers));
    return Outcome.of(all.toArray(String[]::new));
  }

  /// Status and text; "no answer" while nobody listens.
  private static String get(int port, String path) throws InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                  .timeout(Duration.ofSeconds(5))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      return response.statusCode() + " " + response.body();
    } catch (IOException e) {
      return "no answer: " + e.getMessage();
    }
  }

  private ForkedJvm fork(String name, Class<?> main, String... arguments) {
    ForkedJvm forked = ForkedJvm.start(folder.resolve(name + ".log"), main, arguments);
    running.add(forked);
    return forked;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
