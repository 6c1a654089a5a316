package io.maskstream.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.maskstream.broker.LocalKafka;
import io.maskstream.config.ProcessorConfig;
import io.maskstream.release.Graphs;
import io.maskstream.service.Processor;
import io.maskstream.store.HttpsFolder;
import io.maskstream.store.S3Server;
import io.maskstream.topology.StreamObserver;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A processor that takes signed releases only, from S3, a web server and a folder, as people hand
/// them to it by commands; each test goes on from where the one before has left it.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SignedReleasesTest {

  private static final String S3 = "s3://" + S3Server.BUCKET + "/city";

  @TempDir static Path folder;
  private static LocalKafka kafka;
  private static S3Server s3;
  private static HttpsFolder https;
  private static SSLContext trusted;
  private static Processor processor;
  private static String configured = "";

  @BeforeAll
  static void start() throws Exception {
    System.setProperty("aws.accessKeyId", S3Server.ACCESS_KEY);
    System.setProperty("aws.secretAccessKey", S3Server.SECRET_KEY);
    s3 = new S3Server();
    https = new HttpsFolder(Files.createDirectory(folder.resolve("web")), folder);
    trusted = SSLContext.getDefault();
    SSLContext.setDefault(https.tls());
    for (String key : List.of("ours", "theirs")) {
      Outcome.of("model", "keygen", "--out", folder.resolve(key).toString());
    }
    configured = push(1, S3, "ours");
    kafka = LocalKafka.start(2);
    processor = open();
  }

  private static Processor open() {
    ProcessorConfig config =
        ProcessorConfig.read(
            null,
            Map.of(
                "bootstrap.servers", kafka.bootstrapServers(),
                "state.dir", folder.resolve("state").toString(),
                "inference.provider", "cpu",
                "model", S3 + "/levels-1.onnx",
                "model.sha256", configured,
                "model.keys", folder.resolve("ours.pub").toString(),
                "model.s3.endpoint", s3.endpoint().toString(),
                "model.cache.dir", folder.resolve("cache").toString(),
                "http.listen", "127.0.0.1:0"),
            Map.of());
    Processor opened = Processor.open(config, config.model().orElseThrow(), StreamObserver.NONE);
    opened.start();
    return opened;
  }

  @AfterAll
  static void stop() {
    processor.close();
    kafka.close();
    https.close();
    s3.close();
    SSLContext.setDefault(trusted);
    System.clearProperty("aws.accessKeyId");
    System.clearProperty("aws.secretAccessKey");
  }

  @Test
  @Order(1)
  void takesWhatIsSignedFromS3AndFromTheWeb() throws Exception {
    push(2, S3, "ours");
    Outcome first = use(S3 + "/levels-2.onnx");
    assertThat(first.exitCode()).as(first.err()).isZero();
    push(3, folder.resolve("web").toString(), "ours");
    Outcome second = use(https.root() + "/levels-3.onnx");
    assertThat(second.exitCode()).as(second.err()).isZero();
    assertThat(processor.scrape()).contains("maskstream_model_info", "version=\"3\"");
  }

  @Test
  @Order(2)
  void refusesTheUnsignedAndWhatAnotherHasSigned() throws Exception {
    push(4, folder.resolve("web").toString(), "");
    push(5, S3, "theirs");
    assertRefused(https.root() + "/levels-4.onnx", "SIGNATURE", "is not signed");
    assertRefused(S3 + "/levels-5.onnx", "SIGNATURE", "is by none of the accepted keys");
  }

  @Test
  @Order(3)
  void goesBackToWhatHasServedButNotToAnOlderOneThatHasNot() throws Exception {
    push(0, S3, "ours");
    // The first minute of a machine is over.
    Path memory = folder.resolve("cache/taken/levels");
    Files.writeString(
        memory, Files.readString(memory).replaceAll(" \\S+Z", " 2020-01-01T00:00:00Z"));
    assertRefused(S3 + "/levels-0.onnx", "OLDER_VERSION", "older than version 3");

    Outcome back = command("model", "rollback", "--margin", "0s");
    assertThat(back.exitCode()).as(back.err()).isZero();
    assertThat(back.out()).contains("levels-2");
  }

  @Test
  @Order(4)
  void refusesWhenLoadedWhatDoesNotDoWhatItDidWhenItWasPackaged() throws Exception {
    Path file = Files.write(folder.resolve("changed.onnx"), Graphs.changed("6"));
    String digest = push(file, S3, "ours");
    // As if it had been proven, on this machine, before the machine's libraries were changed.
    Path proven = folder.resolve("cache/proven");
    Files.copy(proven.resolve(configured), proven.resolve(digest));
    assertRefused(
        S3 + "/stand-in-6.onnx", "", "gives other classes here than when it was packaged");
  }

  @Test
  @Order(5)
  void startsAgainWithWhatIsHereWhileEveryStoreIsAway() throws Exception {
    processor.close();
    s3.objects().clear();
    https.close();
    processor = open();
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(ready()).isEqualTo("200 running\n"));
    assertThat(command("model", "status").out().lines().map(line -> line.replaceAll(" +", " ")))
        .anyMatch(line -> line.contains(" all levels-2 ready"));
  }

  private static String ready() throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(URI.create(processor.address() + "/readyz")).build(),
              HttpResponse.BodyHandlers.ofString());
      return answer.statusCode() + " " + answer.body();
    }
  }

  private static void assertRefused(String release, String reason, String sentence) {
    Outcome outcome = use(release);
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err()).contains("is refused by instance=", reason, sentence);
  }

  private static String push(int version, String store, String key) throws IOException {
    Path file = folder.resolve("levels-" + version + ".onnx");
    return push(Files.write(file, Graphs.levels(version, 3 + version, null).graph()), store, key);
  }

  /// @return its digest
  private static String push(Path file, String store, String key) {
    List<String> words =
        new ArrayList<>(List.of("model", "push", file.toString(), "--store", store, "-o", "json"));
    words.addAll(storeOptions());
    if (!key.isEmpty()) {
      words.addAll(List.of("--key", folder.resolve(key).toString()));
    }
    Outcome outcome = Outcome.of(words.toArray(String[]::new));
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    return field(outcome.out(), "sha256");
  }

  private static Outcome use(String release) {
    List<String> words = new ArrayList<>(List.of("model", "use", release, "--margin", "0s"));
    words.addAll(storeOptions());
    return command(words.toArray(String[]::new));
  }

  /// The person at the command line is not the processor, and has another folder.
  private static List<String> storeOptions() {
    return List.of(
        "--s3-endpoint",
        s3.endpoint().toString(),
        "--cache",
        folder.resolve("cache-of-a-person").toString());
  }

  private static Outcome command(String... words) {
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("-b", kafka.bootstrapServers()));
    return Outcome.of(all.toArray(String[]::new));
  }

  private static String field(String json, String name) {
    return json.replaceFirst("(?s).*\"" + name + "\":\"([^\"]*)\".*", "$1");
  }
}
