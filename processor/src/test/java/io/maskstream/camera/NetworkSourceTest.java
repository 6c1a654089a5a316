package io.maskstream.camera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.maskstream.camera.SceneEncoder.Settings;
import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.Codec;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Cameras behind real sockets, well and ill.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NetworkSourceTest {

  private static final Duration SHORT = Duration.ofMillis(700);

  /// FFmpeg's own patience, so long that it decides no test.
  private static final Duration LONG = Duration.ofMinutes(5);

  /// Long enough for FFmpeg to learn what the camera sends.
  private static final SourceSettings SETTINGS =
      SourceSettings.STANDARD.withDeadlines(Duration.ofSeconds(20), SHORT);

  @Test
  void readsAnRtspCameraWithTheCamerasOwnClock() {
    List<AccessUnit> sent = Clips.encode(Settings.h264(320, 180, 10, 10), 25);
    Instant cameraClock = Instant.now().minusSeconds(3);
    try (RtspServer camera = new RtspServer(sent, cameraClock, true);
        CameraSource source = CameraSource.open("gate", camera.address(), SETTINGS)) {
      assertThat(source.format().live()).isTrue();
      List<AccessUnit> received = new ArrayList<>();
      assertThatThrownBy(() -> drain(source, received))
          .isInstanceOf(CameraException.class)
          .hasMessageContaining("rtsp://***@127.0.0.1")
          .hasMessageNotContaining("s3cret");
      assertThat(received.stream().map(Reading::bytes).toList())
          .usingRecursiveFieldByFieldElementComparator()
          .isEqualTo(sent.stream().map(NetworkSourceTest::withLongStartCodes).toList());
      assertThat(received)
          .extracting(AccessUnit::keyframe)
          .isEqualTo(sent.stream().map(AccessUnit::keyframe).toList());
      assertThat(
              received.stream()
                  .map(unit -> unit.identity().pts() - received.getFirst().identity().pts()))
          .isEqualTo(sent.stream().map(unit -> unit.identity().pts() * 9000).toList());
      for (int i = 0; i < received.size(); i++) {
        Duration off =
            Duration.between(
                cameraClock.plusMillis(100L * i), received.get(i).identity().captureTime());
        assertThat(off.abs()).as("by RTCP, not by arrival").isLessThan(Duration.ofMillis(5));
      }
    }
  }

  @Test
  void abandonsAnRtspCameraThatStallsMidway() {
    List<AccessUnit> sent = Clips.encode(Settings.h264(320, 180, 10, 10), 25);
    try (RtspServer camera = new RtspServer(sent, Instant.now(), false);
        CameraSource source = CameraSource.open("gate", camera.address(), SETTINGS)) {
      List<AccessUnit> received = new ArrayList<>();
      assertThatThrownBy(() -> drain(source, received))
          .isInstanceOf(CameraException.class)
          .hasMessageContaining("it said nothing useful for 0.7 s");
      // The last picture is only known to be whole when the next begins.
      assertThat(received).hasSizeBetween(sent.size() - 1, sent.size());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rtsp", "http"})
  void abandonsASourceThatAcceptsAndSaysNothing(String scheme) throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      CameraAddress address =
          CameraAddress.of(scheme + "://u:s3cret@127.0.0.1:" + silent.getLocalPort() + "/live");
      long begun = System.nanoTime();
      assertThatThrownBy(() ->
              CameraSource.open(
                  "gate", address, SourceSettings.STANDARD.withDeadlines(SHORT, LONG)))
          .isInstanceOf(CameraException.class)
          .hasMessageContaining("it said nothing useful for 0.7 s")
          .hasMessageNotContaining("s3cret");
      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
    }
  }

  @Test
  void keepsEveryDeadlineOfManyCameras() throws Exception {
    int cameras = 24;
    try (ServerSocket silent = new ServerSocket(0, cameras, InetAddress.getLoopbackAddress())) {
      CameraAddress address =
          CameraAddress.of("rtsp://127.0.0.1:" + silent.getLocalPort() + "/live");
      List<FutureTask<CameraSource>> openings = new ArrayList<>();
      for (int i = 0; i < cameras; i++) {
        FutureTask<CameraSource> opening =
            new FutureTask<>(() ->
                CameraSource.open(
                    "gate", address, SourceSettings.STANDARD.withDeadlines(SHORT, LONG)));
        openings.add(opening);
        Thread.ofPlatform().daemon().start(opening);
      }
      for (FutureTask<CameraSource> opening : openings) {
        assertThatThrownBy(() -> opening.get(20, TimeUnit.SECONDS))
            .hasCauseInstanceOf(CameraException.class)
            .hasMessageContaining("it said nothing useful for 0.7 s");
      }
    }
  }

  @Test
  void stopsWaitingWhenItIsCancelled() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      CameraAddress address =
          CameraAddress.of("rtsp://127.0.0.1:" + silent.getLocalPort() + "/live");
      Cancellation cancellation = new Cancellation();
      Callable<CameraSource> opening =
          () -> CameraSource.open("gate", address, SourceSettings.STANDARD, cancellation);
      FutureTask<CameraSource> task = new FutureTask<>(opening);
      Thread.ofPlatform().daemon().start(task);
      try (Socket accepted = silent.accept()) {
        assertThat(accepted.isConnected()).isTrue();
        cancellation.cancel();
        assertThatThrownBy(() -> task.get(10, TimeUnit.SECONDS))
            .hasCauseInstanceOf(CameraException.class)
            .hasMessageContaining("stopped while waiting");
      }
    }
  }

  @Test
  void readsMultipartJpegAsItArrivesAndAbandonsItWhenItStalls() throws IOException {
    List<AccessUnit> sent = Clips.encode(new Settings(Codec.MJPEG, 160, 96, 10, 1, 0), 30);
    CountDownLatch over = new CountDownLatch(1);
    try (Web web = new Web()) {
      web.server.createContext(
          "/video",
          exchange -> {
            exchange
                .getResponseHeaders()
                .set("Content-Type", "multipart/x-mixed-replace; boundary=frame");
            exchange.sendResponseHeaders(200, 0);
            OutputStream out = exchange.getResponseBody();
            for (AccessUnit unit : sent) {
              byte[] jpeg = Reading.bytes(unit);
              out.write(
                  ("--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n"
                          .formatted(jpeg.length))
                      .getBytes(StandardCharsets.US_ASCII));
              out.write(jpeg);
              out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
              out.flush();
            }
            await(over);
          });
      CameraAddress address = web.address("/video?user=a&password=s3cret");
      try (CameraSource source = CameraSource.open("gate", address, SETTINGS)) {
        assertThat(source.format().live()).isTrue();
        List<AccessUnit> received = new ArrayList<>();
        assertThatThrownBy(() -> drain(source, received))
            .isInstanceOf(CameraException.class)
            .hasMessageContaining("it said nothing useful for 0.7 s")
            .hasMessageNotContaining("s3cret");
        assertThat(received).hasSizeBetween(sent.size() - 1, sent.size());
        assertThat(received).allMatch(AccessUnit::keyframe);
        assertThat(received.stream().map(unit -> unit.identity().pts()).toList())
            .isSorted()
            .doesNotHaveDuplicates();
        assertThat(Reading.bytes(received.getFirst())).isEqualTo(Reading.bytes(sent.getFirst()));
      } finally {
        over.countDown();
      }
    }
  }

  @Test
  void readsAFileFromAWebServer() throws IOException {
    List<AccessUnit> sent = Clips.encode(Settings.h264(160, 96, 10, 5), 12);
    try (Web web = new Web()) {
      web.server.createContext(
          "/clip.264",
          exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
              for (AccessUnit unit : sent) {
                out.write(Reading.bytes(unit));
              }
            }
          });
      Reading reading = Reading.of(web.address("/clip.264"), SETTINGS);
      assertThat(reading.format().live()).isFalse();
      assertThat(reading.units().stream().map(Reading::bytes).toList())
          .usingRecursiveFieldByFieldElementComparator()
          .isEqualTo(sent.stream().map(Reading::bytes).toList());
    }
  }

  @Test
  void takesNoPicturesFromWhereItIsRedirected() throws IOException {
    List<AccessUnit> sent = Clips.encode(Settings.h264(160, 96, 10, 5), 12);
    try (Web web = new Web()) {
      web.server.createContext(
          "/video",
          exchange -> {
            exchange.getResponseHeaders().set("Location", "/clip.264?token=s3cret");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
          });
      web.server.createContext(
          "/clip.264",
          exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
              for (AccessUnit unit : sent) {
                out.write(Reading.bytes(unit));
              }
            }
          });
      assertThatThrownBy(() -> CameraSource.open("gate", web.address("/video"), SETTINGS))
          .isInstanceOf(CameraException.class)
          .hasMessageContaining("/video redirects to http://127.0.0.1")
          .hasMessageContaining("name that address if you trust it")
          .hasMessageNotContaining("s3cret");
    }
  }

  @Test
  void saysThatAPageIsNoVideo() throws IOException {
    try (Web web = new Web()) {
      web.server.createContext(
          "/page",
          exchange -> {
            byte[] page = "<html>camera login</html>".getBytes(StandardCharsets.US_ASCII);
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
          });
      assertThatThrownBy(() -> CameraSource.open("gate", web.address("/page"), SETTINGS))
          .isInstanceOf(CameraException.class)
          .hasMessageContaining("/page");
      assertThatThrownBy(() -> CameraSource.open("gate", web.address("/absent"), SETTINGS))
          .isInstanceOf(CameraException.class)
          .hasMessageContaining("404");
    }
  }

  private static void drain(CameraSource source, List<AccessUnit> received) {
    for (var unit = source.next(); unit.isPresent(); unit = source.next()) {
      received.add(unit.get());
    }
  }

  /// FFmpeg writes 00 00 00 01 before every unit that came by RTP.
  private static byte[] withLongStartCodes(AccessUnit unit) {
    return new NalStream(NalSyntax.H264).read(Reading.bytes(unit)).bytes();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// A web server on the loopback address.
  private static final class Web implements AutoCloseable {
    final HttpServer server;

    Web() throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
      server.setExecutor(task -> Thread.ofPlatform().daemon().start(task));
      server.start();
    }

    CameraAddress address(String path) {
      return CameraAddress.of("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }
}
