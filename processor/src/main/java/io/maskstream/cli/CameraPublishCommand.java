package io.maskstream.cli;

import io.maskstream.camera.CameraAddress;
import io.maskstream.camera.CameraPublisher;
import io.maskstream.camera.CameraReading;
import io.maskstream.camera.Pace;
import io.maskstream.camera.PublisherSettings;
import io.maskstream.camera.SourceSettings;
import io.maskstream.topics.AccessCheck;
import io.maskstream.topics.AclTable;
import io.maskstream.topics.ControlTopics;
import io.maskstream.topology.Topics;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Publishes cameras and files until it is stopped.
@Command(
    name = "publish",
    mixinStandardHelpOptions = true,
    description =
        "Publishes the access units of cameras and files, without decoding them. A camera that"
            + " fails is tried again; a file is played again and again, or --once.")
final class CameraPublishCommand implements Callable<Integer> {

  private static final Duration TICK = Duration.ofSeconds(1);
  private static final String ERASE_BELOW = "\u001b[J";
  private static final String NO_WRAPPING = "\u001b[?7l";
  private static final String WRAPPING = "\u001b[?7h";

  @Spec CommandSpec spec;
  @Mixin KafkaOptions kafka = new KafkaOptions();
  @Mixin TopicOptions topics = new TopicOptions();

  @Parameters(
      paramLabel = "NAME=SOURCE",
      arity = "1..*",
      description =
          "A camera's name, and a file, rtsp://…, http://…, /dev/videoN or"
              + " testsrc:WIDTHxHEIGHT@FPS.")
  List<String> cameras = List.of();

  @Option(
      names = "--once",
      description = "Play every source one time, then end; a failure is final.")
  boolean once;

  @Option(
      names = "--rate",
      paramLabel = "X|max",
      defaultValue = "1",
      description =
          "How many times as fast as real time files are published, or max (default:"
              + " ${DEFAULT-VALUE}). Cameras keep their own pace.")
  String rate = "1";

  @Option(
      names = "--topic",
      paramLabel = "NAME",
      description = "Where access units go; PREFIX.frames if not said.")
  @Nullable String topic;

  @Option(
      names = "--max-request-bytes",
      paramLabel = "N",
      description = "The largest record that is sent (default: 8 MiB).")
  int maxRequestBytes = PublisherSettings.STANDARD.maxRequestBytes();

  @Option(
      names = "--track",
      paramLabel = "N",
      description = "Which video track, from 0; each source's default if not said.")
  int track = SourceSettings.DEFAULT_TRACK;

  /// Whether stderr is a terminal.
  boolean live = System.console() != null && System.console().isTerminal();

  private int shown;

  @Override
  public Integer call() throws InterruptedException {
    Map<String, CameraAddress> named = named();
    PublisherSettings settings = settings();
    Topics stream = topics.topics().withFrames(frames());
    AccessCheck.require(
        kafka.clientProperties(),
        new AclTable(stream, ControlTopics.withPrefix(topics.prefix), ""),
        AclTable.Role.PUBLISHER);
    PrintWriter err = spec.commandLine().getErr();
    CameraPublisher publisher =
        CameraPublisher.connect(kafka.clientProperties(), settings, notice -> tell(notice, err));
    Thread hook = new Thread(publisher::close, "camera-publish-stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try (publisher) {
      named.forEach(publisher::start);
      while (!publisher.await(TICK)) {
        show(publisher.read(), err);
      }
    }
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // The program is being stopped already, by the hook.
    }
    return report(publisher, err);
  }

  private PublisherSettings settings() {
    try {
      return PublisherSettings.STANDARD
          .withTopics(frames(), Optional.of(topics.prefix + ".cameras"))
          .withPace(Pace.parse(rate))
          .withOnce(once)
          .withMaxRequestBytes(maxRequestBytes)
          .withSource(SourceSettings.STANDARD.withVideoTrack(track));
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()), e);
    }
  }

  private String frames() {
    return topic == null ? topics.topics().frames() : topic;
  }

  /// What stands behind the first `=` is the source; it may hold a password, so no message quotes
  /// it.
  private Map<String, CameraAddress> named() {
    Map<String, CameraAddress> named = new LinkedHashMap<>();
    for (String camera : cameras) {
      int equals = camera.indexOf('=');
      if (equals < 1 || camera.substring(0, equals).contains("/")) {
        throw wrong("a camera is written NAME=SOURCE, such as gate=rtsp://…", null);
      }
      String name = camera.substring(0, equals);
      try {
        if (named.put(name, CameraAddress.of(camera.substring(equals + 1))) != null) {
          throw wrong("camera is named twice: " + name, null);
        }
      } catch (IllegalArgumentException e) {
        throw wrong("camera=" + name + " " + e.getMessage(), e);
      }
    }
    return named;
  }

  private Integer report(CameraPublisher publisher, PrintWriter err) {
    for (CameraReading camera : publisher.read()) {
      err.printf(
          Locale.ROOT,
          "%s published=%d dropped=%d reconnects=%d%n",
          camera.cameraId(),
          camera.accessUnits(),
          camera.dropped(),
          camera.reconnects());
    }
    List<String> failures = publisher.failures();
    failures.forEach(err::println);
    return failures.isEmpty() ? 0 : 1;
  }

  /// The next lines go below the notice, instead of over it.
  private synchronized void tell(String notice, PrintWriter err) {
    err.println(notice);
    shown = 0;
  }

  private synchronized void show(List<CameraReading> readings, PrintWriter err) {
    if (!live) {
      return;
    }
    if (shown > 0) {
      err.print("\u001b[" + shown + "A" + ERASE_BELOW);
    }
    err.print(NO_WRAPPING);
    readings.forEach(reading -> err.println(line(reading)));
    err.print(WRAPPING);
    err.flush();
    shown = readings.size();
  }

  /// One camera's line, such as `gate ▶ 25.0 fps 487 KB/s keyframe every 2.0 s lag 84 ms reconnects
  /// 0`.
  static String line(CameraReading reading) {
    return String.format(
        Locale.ROOT,
        "%s %s %.1f fps  %.0f KB/s  keyframe every %.1f s  lag to capture %d ms  reconnects %d%s",
        reading.cameraId(),
        reading.up() ? "▶" : "■",
        reading.framesPerSecond(),
        reading.bytesPerSecond() / 1e3,
        reading.keyframeGap().toMillis() / 1e3,
        reading.lag().toMillis(),
        reading.reconnects(),
        reading.dropped() > 0 ? "  dropped " + reading.dropped() : "");
  }

  private ParameterException wrong(String message, @Nullable Throwable cause) {
    return new ParameterException(spec.commandLine(), message, cause);
  }
}
