package io.maskstream.view;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.maskstream.topics.AnswerException;
import io.maskstream.topics.ControlTopics;
import io.maskstream.topics.LiveReader;
import io.maskstream.topology.Topics;
import io.maskstream.video.Decoders;
import io.maskstream.video.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/// The page that shows cameras with their masks, and what it and others read it from:
///
/// - `/` and its files
/// - `/api/v1/cameras`: the cameras, as JSON
/// - `/api/v1/live?cameras=a,b`: all of them in one stream ([Message]); those named in `jpeg=` as
///   JPEGs
/// - `/api/v1/cameras/ID/snapshot.jpg` and `.../stream.mjpeg`, with `?mask=1` painted
///
/// It reads Kafka, and only while somebody looks. Thread-safe; closed by whoever opened it.
public final class Viewer implements HttpHandler, AutoCloseable {

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "svg", "image/svg+xml");

  /// More in one stream than a person can look at.
  private static final int MOST_CAMERAS = 64;

  private final Admission admission;
  private final Decoders decoders;
  private final CameraList cameras;
  private final LiveFeed feed;

  /// @param client properties of any Kafka client: brokers and security
  /// @param topics of the stream
  /// @param control the topics of cameras and of candidates' masks; need not exist
  /// @param limits what is decoded for clients that cannot
  /// @param token what whoever looks has to know; empty lets this machine look, and no other
  public Viewer(
      Properties client,
      Topics topics,
      ControlTopics control,
      Limits limits,
      Optional<AccessToken> token) {
    admission = new Admission(token);
    decoders = new Decoders(limits);
    cameras = new CameraList(client, control.cameras(), topics.masks());
    LiveReader.Of of =
        new LiveReader.Of(
            topics.frames(), topics.masks(), control.shadowMasks(), topics.statistics());
    feed = new LiveFeed(() -> LiveReader.open(client, of));
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try {
      switch (admission.judge(exchange)) {
        case Admission.Verdict.Admitted() -> answer(exchange, Query.of(exchange.getRequestURI()));
        case Admission.Verdict.Exchange(String cookie) -> {
          exchange
              .getResponseHeaders()
              .set(
                  "Set-Cookie",
                  Admission.COOKIE + "=" + cookie + "; Path=/; HttpOnly; SameSite=Strict");
          Reply.redirect(exchange, exchange.getRequestURI().getRawPath());
        }
        case Admission.Verdict.Refused(int status, String why) -> Reply.text(exchange, status, why);
      }
    } catch (IllegalArgumentException e) {
      Reply.text(exchange, 400, "this address cannot be read\n");
    } catch (AnswerException e) {
      Reply.text(exchange, 503, e.getMessage() + "\n");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    feed.close();
  }

  private void answer(HttpExchange exchange, Query query) throws IOException, InterruptedException {
    List<String> path = query.path();
    if (!path.getFirst().equals("api")) {
      file(exchange, path);
    } else if (path.equals(List.of("api", "v1", "cameras"))) {
      Reply.bytes(
          exchange, 200, "application/json", cameras.json().getBytes(StandardCharsets.UTF_8));
    } else if (path.equals(List.of("api", "v1", "live"))) {
      live(exchange, query);
    } else if (path.size() == 5 && path.subList(0, 3).equals(List.of("api", "v1", "cameras"))) {
      still(exchange, path.get(3), path.get(4), query.value("mask").equals("1"));
    } else {
      Reply.text(exchange, 404, "nothing is here; /api/v1/cameras and /api/v1/live are\n");
    }
  }

  private void live(HttpExchange exchange, Query query) throws IOException, InterruptedException {
    Set<String> wanted = query.list("cameras");
    if (wanted.isEmpty() || wanted.size() > MOST_CAMERAS) {
      Reply.text(exchange, 400, "cameras=a,b is wanted, with 1 to " + MOST_CAMERAS + " cameras\n");
      return;
    }
    watch(
        exchange,
        wanted,
        outbox -> new LiveStream(outbox, query.list("jpeg"), decoders).write(exchange));
  }

  private void still(HttpExchange exchange, String camera, String what, boolean painted)
      throws IOException, InterruptedException {
    switch (what) {
      case "snapshot.jpg" ->
          watch(
              exchange,
              Set.of(camera),
              outbox -> {
                Optional<byte[]> newest = new Stills(outbox, decoders, painted).newest();
                if (newest.isPresent()) {
                  Reply.bytes(exchange, 200, CodecName.JPEG, newest.get());
                } else {
                  Reply.text(
                      exchange, 404, "no picture has come of this camera for fifteen seconds\n");
                }
              });
      case "stream.mjpeg" ->
          watch(
              exchange,
              Set.of(camera),
              outbox -> new Stills(outbox, decoders, painted).stream(exchange));
      default -> Reply.text(exchange, 404, "a camera has snapshot.jpg and stream.mjpeg\n");
    }
  }

  /// Uses the pictures of some cameras.
  @FunctionalInterface
  private interface Use {
    void of(Outbox outbox) throws IOException, InterruptedException;
  }

  private void watch(HttpExchange exchange, Set<String> wanted, Use use)
      throws IOException, InterruptedException {
    if (exchange.getRequestMethod().equals("HEAD")) {
      Reply.bytes(exchange, 200, LiveStream.TYPE, new byte[0]);
      return;
    }
    Outbox outbox = feed.watch(wanted);
    if (outbox == null) {
      Reply.text(exchange, 503, "too many look already; close a page\n");
      return;
    }
    try {
      use.of(outbox);
    } finally {
      feed.leave(outbox);
    }
  }

  private static void file(HttpExchange exchange, List<String> path) throws IOException {
    String name = path.equals(List.of("")) ? "index.html" : path.getFirst();
    String type = TYPES.get(name.replaceFirst(".*\\.", ""));
    if (path.size() > 1 || type == null || !name.matches("[a-z-]+\\.[a-z]+")) {
      Reply.text(exchange, 404, "nothing is here; the page is at /\n");
      return;
    }
    try (InputStream in = Viewer.class.getResourceAsStream(name)) {
      if (in == null) {
        Reply.text(exchange, 404, "nothing is here; the page is at /\n");
      } else {
        Reply.bytes(exchange, 200, type, in.readAllBytes());
      }
    }
  }
}
