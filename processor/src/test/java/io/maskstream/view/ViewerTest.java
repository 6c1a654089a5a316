package io.maskstream.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.maskstream.broker.LocalKafka;
import io.maskstream.metrics.Health;
import io.maskstream.metrics.Metrics;
import io.maskstream.metrics.MetricsServer;
import io.maskstream.topics.ControlTopics;
import io.maskstream.topology.Topics;
import io.maskstream.video.Limits;
import io.maskstream.view.LiveClient.Received;
import io.maskstream.wire.Codec;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The viewer on a real broker, with cameras whose pictures and masks both say which one they are.
class ViewerTest {

  private static final String NASTY = "../<img src=x onerror=alert(1)>,&?";
  private static final List<String> CAMERAS = List.of("gate", "yard", NASTY);
  private static final String TOKEN = "a token that nobody guesses";

  private static LocalKafka kafka;
  private static List<TellingCameras.Telling> clip;
  private static TellingCameras cameras;
  private static Viewer viewer;
  private static MetricsServer server;
  private static HttpClient http;

  @BeforeAll
  static void start() throws Exception {
    kafka = LocalKafka.start(2);
    clip = TellingCameras.clip(TellingCameras.pictures("gate"), Codec.H264);
    cameras = TellingCameras.start(kafka.client(), CAMERAS, List.of(clip));
    viewer = viewer(Optional.empty());
    server = serve(viewer);
    http = HttpClient.newHttpClient();
  }

  @AfterAll
  static void stop() {
    http.close();
    cameras.close();
    viewer.close();
    server.close();
    kafka.close();
  }

  @Test
  void everyPictureComesWithItsOwnMaskAndNothingIsMissing() throws Exception {
    cameras.shadow(false);
    Map<String, Long> last = new HashMap<>();
    Set<String> seen = new HashSet<>();
    try (LiveClient client = new LiveClient(live(CAMERAS))) {
      while (!seen.containsAll(CAMERAS)) {
        Received picture = client.nextPicture();
        String camera = picture.header().get("camera_id").asText();
        TellingCameras.Telling told = clip.get((int) (picture.pts() % TellingCameras.CLIP));
        byte[] coded = new byte[told.unit().data().remaining()];
        told.unit().data().duplicate().get(coded);
        assertThat(picture.data()).isEqualTo(coded);
        assertThat(picture.classes("mask")).isEqualTo(told.mask().classes());
        assertThat(Received.told(picture.classes("mask"), TellingCameras.WIDTH))
            .isEqualTo((int) (picture.pts() % TellingCameras.CLIP));
        assertThat(picture.header().get("timestamp").asLong())
            .isEqualTo(picture.pts() * 1_000_000 / TellingCameras.FPS);
        assertThat(picture.header().at("/mask/release/name").asText()).isEqualTo("scene");
        assertThat(picture.header().get("classes")).isNotEmpty();
        Long before = last.put(camera, picture.pts());
        if (before == null) {
          assertThat(picture.header().get("keyframe").asBoolean()).isTrue();
          assertThat(picture.header().get("type").asText()).matches("avc1\\.42[0-9a-f]{4}");
          assertThat(picture.header().get("palette").asText()).hasSize(256 * 6);
        } else {
          assertThat(picture.pts()).isEqualTo(before + 1);
          seen.add(camera);
        }
      }
    }
  }

  @Test
  void aCandidatesMaskTravelsWithThatOfTheReleaseThatServes() throws Exception {
    cameras.shadow(true);
    try (LiveClient client = new LiveClient(live(List.of("yard")))) {
      Received picture = client.nextPicture();
      for (int i = 0; i < 200 && !picture.header().has("candidate"); i++) {
        picture = client.nextPicture();
      }
      for (int i = 0; i < 20; i++) {
        int number = (int) (picture.pts() % TellingCameras.CLIP);
        assertThat(picture.classes("mask")).isEqualTo(clip.get(number).mask().classes());
        assertThat(picture.classes("candidate")).isEqualTo(clip.get(number).candidate().classes());
        assertThat(picture.header().at("/candidate/release/version").asText())
            .isEqualTo("2-candidate");
        picture = client.nextPicture();
      }
    } finally {
      cameras.shadow(false);
    }
  }

  @Test
  void whoCannotDecodeGetsJpegsWithTheSameMasks() throws Exception {
    try (LiveClient client = new LiveClient(live(List.of("gate")) + "&jpeg=gate")) {
      for (int i = 0; i < 20; i++) {
        Received picture = client.nextPicture();
        assertThat(picture.header().get("type").asText()).isEqualTo("image/jpeg");
        int number = (int) (picture.pts() % TellingCameras.CLIP);
        assertThat(told(image(picture.data()))).isEqualTo(number);
        assertThat(Received.told(picture.classes("mask"), TellingCameras.WIDTH)).isEqualTo(number);
      }
    }
  }

  @Test
  void snapshotsAndMotionJpegsAreThereForEveryName() throws Exception {
    String nasty = "/api/v1/cameras/" + encoded(NASTY);
    HttpResponse<byte[]> snapshot = get(nasty + "/snapshot.jpg");
    assertThat(snapshot.headers().firstValue("Content-Type")).hasValue("image/jpeg");
    assertThat(told(image(snapshot.body()))).isLessThan(TellingCameras.CLIP);
    HttpRequest stream = HttpRequest.newBuilder(uri(nasty + "/stream.mjpeg?mask=1")).build();
    HttpResponse<InputStream> moving = http.send(stream, BodyHandlers.ofInputStream());
    assertThat(moving.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("multipart/x-mixed-replace; boundary=");
    try (InputStream in = moving.body()) {
      for (int i = 0; i < 3; i++) {
        assertThat(line(in)).isEqualTo("--maskstream-picture");
        assertThat(line(in)).isEqualTo("Content-Type: image/jpeg");
        int length = Integer.parseInt(line(in).substring("Content-Length: ".length()));
        assertThat(line(in)).isEmpty();
        BufferedImage image = image(in.readNBytes(length));
        assertThat(image.getWidth()).isEqualTo(TellingCameras.WIDTH);
        assertThat(line(in)).isEmpty();
      }
    }
  }

  @Test
  void listsTheCameras() throws Exception {
    var list = new ObjectMapper().readTree(get("/api/v1/cameras").body());
    Set<String> names = new HashSet<>();
    list.forEach(camera -> names.add(camera.get("camera_id").asText()));
    assertThat(names).containsAll(CAMERAS);
  }

  @Test
  void aClientThatDoesNotReadHoldsNobodyUp() throws Exception {
    try (Socket asleep = new Socket("127.0.0.1", port());
        LiveClient awake = new LiveClient(live(List.of("gate")))) {
      asleep.setReceiveBufferSize(4096);
      asleep
          .getOutputStream()
          .write(
              "GET /api/v1/live?cameras=gate,yard HTTP/1.1\r\nHost: localhost\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      long before = awake.nextPicture().pts();
      for (int i = 1; i <= 45; i++) {
        assertThat(awake.nextPicture().pts()).isEqualTo(before + i);
      }
    }
  }

  @Test
  void thePageLoadsNothingFromElsewhereAndIsFramedByNobody() throws Exception {
    HttpResponse<byte[]> page = get("/");
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
        .doesNotContain("unsafe", "http");
    assertThat(page.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    for (String file :
        List.of("index.html", "style.css", "app.js", "tile.js", "live.js", "player.js")) {
      HttpResponse<byte[]> answer = get("/" + file);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(new String(answer.body(), StandardCharsets.UTF_8).replace("http://www.w3.org", ""))
          .doesNotContain("http://", "//cdn", "innerHTML", "eval(")
          .doesNotContainPattern("https://[a-z]");
    }
    assertThat(get("/metrics").statusCode()).isEqualTo(200);
    for (String path :
        List.of("/Viewer.class", "/..%2f..%2fdemo%2fscene.onnx", "/view/app.js", "/%2e%2e/x.js")) {
      assertThat(get(path).statusCode()).as(path).isEqualTo(404);
    }
    assertThat(get("/api/v1/live").statusCode()).isEqualTo(400);
  }

  @Test
  void foreignPagesAndForeignNamesAreRefused() throws Exception {
    assertThat(status(server, "/", "Host: 127.0.0.1:8080")).isEqualTo(200);
    assertThat(status(server, "/", "Host: rebound.example:8080")).isEqualTo(421);
    String api = "/api/v1/cameras";
    assertThat(status(server, api, "Host: localhost", "Origin: http://evil.example"))
        .isEqualTo(403);
    assertThat(status(server, api, "Host: localhost", "Origin: null")).isEqualTo(403);
    assertThat(status(server, api, "Host: localhost", "Origin: http://localhost")).isEqualTo(200);
    assertThat(status(server, api, "Host: localhost", "Sec-Fetch-Site: cross-site")).isEqualTo(403);
    assertThat(
            status(
                server,
                "/",
                "Host: localhost",
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Mode: navigate"))
        .as("a link that leads here")
        .isEqualTo(200);
  }

  @Test
  void aTokenLetsOtherMachinesLookAndNobodyElse() throws Exception {
    try (Viewer guarded = viewer(Optional.of(AccessToken.of(TOKEN)));
        MetricsServer there = serve(guarded)) {
      String host = "Host: camera-room.example";
      assertThat(status(there, "/", host)).isEqualTo(401);
      assertThat(status(there, "/api/v1/live?cameras=gate", host)).isEqualTo(401);
      assertThat(status(there, "/", host, "Authorization: Bearer wrong")).isEqualTo(401);
      assertThat(status(there, "/", host, "Authorization: Bearer " + TOKEN)).isEqualTo(200);
      List<String> answer = ask(there, "/?token=" + encoded(TOKEN), host);
      assertThat(answer.getFirst()).contains(" 303 ");
      assertThat(answer).contains("Location: /");
      String cookie =
          answer.stream().filter(line -> line.startsWith("Set-cookie: ")).findFirst().orElseThrow();
      assertThat(cookie).contains("HttpOnly", "SameSite=Strict").doesNotContain(TOKEN);
      String value = cookie.substring("Set-cookie: ".length()).split(";")[0];
      assertThat(status(there, "/", host, "Cookie: a=b; " + value)).isEqualTo(200);
      assertThat(status(there, "/", host, "Cookie: maskstream=" + TOKEN)).isEqualTo(401);
      assertThat(status(there, "/livez", host)).as("probes know no token").isEqualTo(200);
    }
    assertThat(AccessToken.of(TOKEN).toString()).doesNotContain(TOKEN);
  }

  @Test
  void whenNobodyLooksNothingIsRead() throws Exception {
    try (LiveClient client = new LiveClient(live(List.of("gate")))) {
      client.nextPicture();
      assertThat(feeds()).isNotZero();
    }
    await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> assertThat(feeds()).isZero());
  }

  private static long feeds() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("view-feed"))
        .count();
  }

  private static Viewer viewer(Optional<AccessToken> token) {
    return new Viewer(
        kafka.client(), Topics.STANDARD, ControlTopics.STANDARD, Limits.STANDARD, token);
  }

  private static MetricsServer serve(Viewer viewer) {
    Health well = new Health(true, true, "serving");
    return MetricsServer.open("127.0.0.1", 0, new Metrics(0), () -> well, viewer);
  }

  private static String live(List<String> wanted) {
    return server.address()
        + "/api/v1/live?cameras="
        + String.join(",", wanted.stream().map(ViewerTest::encoded).toList());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static URI uri(String path) {
    return URI.create(server.address() + path);
  }

  private static HttpResponse<byte[]> get(String path) throws Exception {
    return http.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofByteArray());
  }

  private static int port() {
    return URI.create(server.address()).getPort();
  }

  private static int status(MetricsServer at, String path, String... headers) throws IOException {
    return Integer.parseInt(ask(at, path, headers).getFirst().split(" ")[1]);
  }

  /// The head of an answer, by a socket: Java's own client chooses the Host header itself.
  private static List<String> ask(MetricsServer at, String path, String... headers)
      throws IOException {
    try (Socket socket = new Socket("127.0.0.1", URI.create(at.address()).getPort())) {
      String request = "GET " + path + " HTTP/1.1\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      List<String> lines = new ArrayList<>();
      InputStream in = socket.getInputStream();
      for (String line = line(in); !line.isEmpty(); line = line(in)) {
        lines.add(line);
      }
      return lines;
    }
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  private static BufferedImage image(byte[] jpeg) throws IOException {
    return ImageIO.read(new ByteArrayInputStream(jpeg));
  }

  /// The number that the bits at the top of a picture say.
  private static int told(BufferedImage image) {
    int number = 0;
    for (int bit = 0; bit < TellingCameras.BITS; bit++) {
      int center = TellingCameras.BLOCK * bit + TellingCameras.BLOCK / 2;
      boolean light = (image.getRGB(center, TellingCameras.BLOCK / 2) & 255) > 127;
      number |= light ? 1 << bit : 0;
    }
    return number;
  }
}
