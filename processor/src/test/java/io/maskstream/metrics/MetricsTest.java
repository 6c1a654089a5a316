package io.maskstream.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.maskstream.inference.InferenceException;
import io.maskstream.inference.Provider;
import io.maskstream.topology.StreamObserver.Answered;
import io.maskstream.wire.FrameStatistics;
import io.maskstream.wire.Identity;
import io.maskstream.wire.Marker;
import io.maskstream.wire.Release;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsTest {

  private static final Release RELEASE = new Release("city", "7", "ab".repeat(32));

  private final Metrics metrics = new Metrics(2);

  @Test
  void hasTheNamesOfTheContract() {
    metrics.loaded(RELEASE, Provider.AUTO, Provider.CPU, Duration.ofMillis(300));
    metrics.answered(answer("gate", null));
    metrics.answered(answer("gate", Marker.Reason.WAITING_FOR_KEYFRAME));
    metrics.deadLettered("garbage");
    metrics.ran(RELEASE, Provider.CPU, 3, Duration.ofMillis(40));
    metrics.sequenceGap("gate", 4);
    metrics.decoderOpened("gate");
    metrics.decoderOpened("gate");
    assertThat(metrics.scrape().lines())
        .contains(
            "maskstream_frames_total{camera=\"gate\",result=\"mask\"} 1.0",
            "maskstream_frames_total{camera=\"gate\",result=\"waiting_for_keyframe\"} 1.0",
            "maskstream_frames_total{camera=\"_unreadable\",result=\"dead_letter\"} 1.0",
            "maskstream_frame_latency_seconds_count{stage=\"decode\"} 2",
            "maskstream_frame_latency_seconds_count{stage=\"end_to_end\"} 2",
            "maskstream_frame_latency_seconds_bucket{stage=\"inference\",le=\"0.02\"} 2",
            "maskstream_batch_size_sum 3.0",
            "maskstream_inference_seconds_count{provider=\"cpu\",release=\"city-7\"} 1",
            "maskstream_mask_bytes_sum 500.0",
            "maskstream_sequence_gaps_total{camera=\"gate\"} 4.0",
            "maskstream_decoder_restarts_total{camera=\"gate\"} 1.0",
            "maskstream_model_info{digest=\""
                + "ab".repeat(32)
                + "\",name=\"city\",provider=\"cpu\",version=\"7\"} 1",
            "maskstream_inference_provider_fallback 1.0",
            "maskstream_model_swap_seconds_count 1",
            "maskstream_camera_up{camera=\"gate\"} 1.0");
  }

  @Test
  void showsTheMetersOfTheListAndNoOther() {
    InferenceException broken = new InferenceException("broken");
    metrics.watch(Map::of);
    metrics.watchReleases(() -> 1);
    metrics.loaded(RELEASE, Provider.AUTO, Provider.CPU, Duration.ofMillis(300));
    metrics.answered(answer("gate", null));
    metrics.answered(answer("yard", null));
    metrics.answered(answer("dock", null));
    metrics.ran(RELEASE, Provider.CPU, 3, Duration.ofMillis(40));
    metrics.failed(RELEASE, Provider.CPU, broken);
    metrics.batchFailed(RELEASE, Provider.CPU, 2, broken);
    metrics.recovered(0, 12, Duration.ofMillis(5));
    assertThat(shown(metrics.scrape())).containsExactlyInAnyOrderElementsOf(Meter.ALL);
  }

  /// What a scrape says of our meters, read without our own code. The `_max` beside a timer or
  /// summary is Micrometer's own.
  private static List<Meter> shown(String scrape) {
    Map<String, String> help = new TreeMap<>();
    Map<String, Meter.Type> types = new TreeMap<>();
    Map<String, Set<String>> labels = new TreeMap<>();
    for (String line : scrape.split("\n")) {
      String[] words = line.split(" ", 4);
      if (line.startsWith("# HELP maskstream_")) {
        help.put(words[2], words[3]);
      } else if (line.startsWith("# TYPE maskstream_")) {
        types.put(words[2], Meter.Type.valueOf(words[3].toUpperCase(Locale.ROOT)));
      } else if (line.startsWith("maskstream_")) {
        String name = line.split("[{ ]")[0];
        String family =
            types.containsKey(name) ? name : name.replaceFirst("_(bucket|count|sum)$", "");
        Matcher label = Pattern.compile("(\\w+)=\"").matcher(line);
        Set<String> all = labels.computeIfAbsent(family, _ -> new TreeSet<>());
        label
            .results()
            .map(found -> found.group(1))
            .filter(each -> !each.equals("le"))
            .forEach(all::add);
      }
    }
    return types.keySet().stream()
        .filter(
            name -> !types.containsKey(name.replaceFirst("_max$", "")) || !name.endsWith("_max"))
        .map(name ->
            new Meter(
                name, types.get(name), List.copyOf(labels.get(name)), help.getOrDefault(name, "")))
        .toList();
  }

  @Test
  void aFlightRecordingShowsTheStagesOfEachFrame(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("frames.jfr");
    try (Recording recording = new Recording()) {
      recording.enable("maskstream.Frame");
      recording.start();
      metrics.answered(answer("gate", null));
      metrics.answered(answer("yard", Marker.Reason.TOO_LARGE));
      recording.stop();
      recording.dump(file);
    }
    assertThat(RecordingFile.readAllEvents(file))
        .extracting(event -> event.getString("camera"), event -> event.getString("result"))
        .containsExactly(tuple("gate", "mask"), tuple("yard", "too_large"));
    assertThat(RecordingFile.readAllEvents(file).getFirst().getDuration("inference"))
        .isEqualTo(Duration.ofMillis(10));
  }

  @Test
  void aSilentCameraIsDownUntilItSendsAgain() {
    metrics.answered(answer("gate", null));
    metrics.cameraIdle("gate");
    assertThat(metrics.scrape()).contains("maskstream_camera_up{camera=\"gate\"} 0.0");
    metrics.answered(answer("gate", null));
    assertThat(metrics.scrape()).contains("maskstream_camera_up{camera=\"gate\"} 1.0");
  }

  @Test
  void camerasBeyondTheLimitAreCountedTogether() {
    for (int i = 0; i < 100; i++) {
      metrics.answered(answer("camera-" + i, null));
    }
    assertThat(metrics.scrape().lines().filter(line -> line.startsWith("maskstream_frames_total{")))
        .containsExactlyInAnyOrder(
            "maskstream_frames_total{camera=\"_others\",result=\"mask\"} 98.0",
            "maskstream_frames_total{camera=\"camera-0\",result=\"mask\"} 1.0",
            "maskstream_frames_total{camera=\"camera-1\",result=\"mask\"} 1.0");
    assertThat(metrics.scrape()).contains("maskstream_camera_label_refusals_total 98.0");
  }

  @Test
  void aCameraIdCannotForgeALabel() {
    metrics.answered(answer("gate\",result=\"forged\"} 7", null));
    assertThat(metrics.scrape())
        .contains("{camera=\"gate\\\",result=\\\"forged\\\"} 7\",result=\"mask\"} 1.0");
  }

  @Test
  void healthIsWhatTheStreamSays() throws Exception {
    AtomicReference<Health> health = new AtomicReference<>(new Health(true, false, "not started"));
    try (MetricsServer server = MetricsServer.open("127.0.0.1", 0, metrics, health::get)) {
      assertThat(get(server, "/livez").statusCode()).isEqualTo(200);
      assertThat(get(server, "/readyz").statusCode()).isEqualTo(503);
      assertThat(get(server, "/readyz").body()).isEqualTo("not started\n");
      health.set(new Health(true, true, "running"));
      assertThat(get(server, "/readyz").statusCode()).isEqualTo(200);
      health.set(new Health(false, false, "failed"));
      assertThat(get(server, "/livez").statusCode()).isEqualTo(503);
      assertThat(get(server, "/metrics").body()).contains("maskstream_batch_size");
      assertThat(get(server, "/metricsandmore").statusCode()).isEqualTo(404);
      assertThat(send(server, "/metrics", "POST").statusCode()).isEqualTo(405);
      assertThat(send(server, "/livez", "HEAD").statusCode()).isEqualTo(503);
    }
  }

  @Test
  void slowClientsHoldNeitherTheOthersNorTheEnd() throws Exception {
    Health well = new Health(true, true, "running");
    List<Socket> slow = new ArrayList<>();
    MetricsServer server = MetricsServer.open("127.0.0.1", 0, metrics, () -> well);
    try {
      int port = URI.create(server.address()).getPort();
      for (int i = 0; i < 50; i++) {
        Socket socket = new Socket("127.0.0.1", port);
        slow.add(socket);
        socket.getOutputStream().write("GET /metrics HT".getBytes(StandardCharsets.US_ASCII));
      }
      assertThat(get(server, "/readyz").statusCode()).isEqualTo(200);
      slow.getFirst().setSoTimeout(60_000);
      assertThat(slow.getFirst().getInputStream().read())
          .as("the server hangs up by itself")
          .isEqualTo(-1);
    } finally {
      long start = System.nanoTime();
      server.close();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  @Test
  void saysThatAnotherListensThere() {
    Health well = new Health(true, true, "running");
    try (MetricsServer server = MetricsServer.open("127.0.0.1", 0, metrics, () -> well)) {
      int taken = URI.create(server.address()).getPort();
      assertThatThrownBy(() -> MetricsServer.open("127.0.0.1", taken, metrics, () -> well))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("http.listen=127.0.0.1:" + taken)
          .hasMessageContaining("-X http.listen=");
    }
  }

  private static Answered answer(String camera, Marker.@Nullable Reason reason) {
    Identity identity =
        new Identity(camera, "s", 0, 0, new Identity.TimeBase(1, 90_000), Instant.EPOCH);
    Duration ten = Duration.ofMillis(10);
    FrameStatistics.Latency latency = new FrameStatistics.Latency(ten, ten, ten, ten, ten);
    FrameStatistics statistics =
        reason == null
            ? new FrameStatistics(identity, List.of(), 100, 100, latency, RELEASE, null)
            : FrameStatistics.ofMarker(identity, new Marker(reason, "why"), latency, null);
    return new Answered(statistics, 500);
  }

  private static HttpResponse<String> get(MetricsServer server, String path) throws Exception {
    return send(server, path, "GET");
  }

  private static HttpResponse<String> send(MetricsServer server, String path, String method)
      throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          HttpRequest.newBuilder(URI.create(server.address() + path))
              .method(method, HttpRequest.BodyPublishers.noBody())
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }
}
