package io.maskstream.demo;

import io.maskstream.bench.Stages;
import io.maskstream.broker.LocalKafka;
import io.maskstream.camera.CameraAddress;
import io.maskstream.camera.CameraPublisher;
import io.maskstream.camera.CameraReading;
import io.maskstream.camera.PublisherSettings;
import io.maskstream.config.ProcessorConfig;
import io.maskstream.painting.ClassColors;
import io.maskstream.painting.ClassPicture;
import io.maskstream.painting.Legend;
import io.maskstream.painting.MaskFiles;
import io.maskstream.painting.MaskPainter;
import io.maskstream.painting.SafeName;
import io.maskstream.release.Palette;
import io.maskstream.release.ReleaseFile;
import io.maskstream.service.Processor;
import io.maskstream.topics.Answer;
import io.maskstream.topics.AnswerJoin;
import io.maskstream.topics.AnswerReader;
import io.maskstream.topics.CameraFigures;
import io.maskstream.topics.FramePictures;
import io.maskstream.topology.StreamObserver;
import io.maskstream.topology.Topics;
import io.maskstream.video.Decoders;
import io.maskstream.video.Limits;
import io.maskstream.wire.FrameStatistics;
import io.maskstream.wire.Marker;
import io.maskstream.wire.Mask;
import io.maskstream.wire.ModelHistory.Assignment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A broker, two cameras, the processor and a reader of its masks, all real and in one process.
///
/// One thread runs it; [#stop] may be called from any.
public final class Demo {

  private static final List<String> CAMERAS = List.of("gate", "yard");
  private static final String GENERATED = "testsrc:480x360@15:varied";
  private static final int PARTITIONS = 4;
  private static final double OPACITY = 0.5;
  private static final Duration TICK = Duration.ofSeconds(1);

  /// How long the last answers may take once the cameras have stopped.
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(30);

  private final Settings settings;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final AtomicLong deadLetters = new AtomicLong();
  private final CameraFigures figures = new CameraFigures();
  private final Stages stages = new Stages();
  private final AnswerJoin<Mask> join = new AnswerJoin<>(Answer.OfMask::mask, this::show);
  private final Map<String, Shown> newest = new TreeMap<>();
  private @Nullable LiveScore score;
  private @Nullable Retraining retraining;
  private long masks;
  private long markers;
  private long firstNanos;
  private long lastNanos;

  /// What is shown.
  ///
  /// @param length after which the demo ends by itself; empty runs until it is stopped
  /// @param video played by one camera; empty for two generated scenes
  /// @param release that segments; empty takes the network that ships with the product
  /// @param pictures folder for a painted picture of each camera
  /// @param training makes a better release while the cameras run; empty serves one release only
  public record Settings(
      Optional<Duration> length,
      Optional<Path> video,
      Optional<ReleaseFile> release,
      Path pictures,
      Optional<Training> training) {}

  /// What the demo tells while it runs.
  public interface Audience {

    /// A line once, about what has been started or made.
    void line(String text);

    /// The figures of the cameras, each second.
    ///
    /// @param score how well each release agrees with the truth; empty where that is not known
    void figures(List<CameraFigures.Row> rows, String score);
  }

  /// What came of it; `framesIn = masks + markers + deadLetters` is the product's promise.
  ///
  /// @param framesIn access units that were published
  /// @param seconds from the first answer to the last
  /// @param meanIou against the truth, by release in the order of their serving; empty where it is
  ///   not known
  public record Outcome(
      long framesIn,
      long masks,
      long markers,
      long deadLetters,
      double seconds,
      Stages stages,
      Map<String, Double> meanIou) {

    public boolean everyFrameAnswered() {
      return framesIn == masks + markers + deadLetters;
    }

    public String json() {
      return String.format(
          Locale.ROOT,
          "{\"frames_in\":%d,\"masks\":%d,\"markers\":%d,\"dead_letters\":%d,"
              + "\"frames_per_second\":%.2f,\"latency_ms\":%s,\"mean_iou\":{%s}}",
          framesIn,
          masks,
          markers,
          deadLetters,
          seconds > 0 ? masks / seconds : 0,
          stages.json(),
          meanIou.entrySet().stream()
              .map(entry ->
                  String.format(Locale.ROOT, "\"%s\":%.4f", entry.getKey(), entry.getValue()))
              .collect(Collectors.joining(",")));
    }
  }

  public Demo(Settings settings) {
    this.settings = settings;
  }

  /// The network that ships with the product, trained on generated scenes.
  public static ReleaseFile shippedRelease() {
    try (var in = Demo.class.getResourceAsStream("scene.onnx")) {
      if (in == null) {
        throw new IllegalStateException("scene.onnx is missing from the jar; build again");
      }
      return ReleaseFile.of(in.readAllBytes(), "scene.onnx");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Ends the demo in order: cameras, last answers, pictures, summary.
  public void stop() {
    stopped.countDown();
  }

  /// Runs until the length is over or [#stop] is called.
  public Outcome run(Audience audience) throws InterruptedException {
    ReleaseFile release = settings.release().orElseGet(Demo::shippedRelease);
    boolean known =
        settings.video().isEmpty()
            && release.palette().names().equals(Palette.known("scene").names());
    if (settings.training().isPresent() && !known) {
      throw new IllegalArgumentException(
          "retraining wants the truth, which is known of the generated cameras and their classes "
              + "only; leave out the video and the model of other classes");
    }
    score = known ? new LiveScore(release.palette().size()) : null;
    try (LocalKafka kafka = LocalKafka.start(PARTITIONS);
        Serving serving = new Serving(kafka, release);
        CameraPublisher cameras =
            CameraPublisher.connect(kafka.client(), PublisherSettings.STANDARD, audience::line);
        AnswerReader reader =
            AnswerReader.open(
                kafka.client(),
                new AnswerReader.Of(
                    Topics.STANDARD.masks(), Topics.STANDARD.statistics(), List.of()),
                new AnswerReader.From.Beginning());
        Retraining better =
            settings
                .training()
                .map(training ->
                    new Retraining(
                        training,
                        release,
                        frames(kafka),
                        settings.pictures(),
                        notice -> audience.line("retrain  " + notice)))
                .orElse(null)) {
      retraining = better;
      audience.line("kafka    " + kafka.bootstrapServers() + " (in this process, gone with it)");
      serving.begin(audience);
      start(cameras, audience);
      long tick = watch(reader, serving, audience);
      cameras.stop();
      cameras.await(LAST_ANSWERS);
      long framesIn = cameras.read().stream().mapToLong(CameraReading::accessUnits).sum();
      collect(reader, framesIn);
      show(audience, tick);
      paint(kafka, release, audience);
      return new Outcome(
          framesIn,
          masks,
          markers,
          deadLetters.get(),
          (lastNanos - firstNanos) / 1e9,
          stages,
          score == null ? Map.of() : score.meanIou());
    }
  }

  /// The processor, one release after another.
  private final class Serving implements AutoCloseable {

    private final LocalKafka kafka;
    private final ReleaseFile release;
    private final Processor processor;
    private @Nullable LiveSwap swap;

    Serving(LocalKafka kafka, ReleaseFile release) {
      this.kafka = kafka;
      this.release = release;
      processor = open(kafka, release);
    }

    void begin(Audience audience) {
      audience.line(
          "model    "
              + release
              + " sha256 "
              + release.release().sha256().substring(0, 8)
              + " on "
              + processor.segmenter().provider()
              + ", "
              + release.palette().size()
              + " classes");
      audience.line("viewer   " + processor.address() + " (open it in a browser)");
      audience.line("metrics  " + processor.address() + "/metrics");
      processor.start();
    }

    void swap(ReleaseFile next) {
      swap = new LiveSwap(kafka, next);
    }

    /// Says from when on the next release serves, once that is known.
    void tell(Audience audience) throws InterruptedException {
      if (swap != null && swap.isDone()) {
        Assignment assigned = swap.assigned();
        audience.line(
            "model    "
                + assigned.release()
                + " sha256 "
                + assigned.release().sha256().substring(0, 8)
                + " serves frames captured from "
                + assigned.effectiveFrom()
                + " on");
        swap = null;
      }
    }

    @Nullable Throwable failure() {
      return processor.failure();
    }

    @Override
    public void close() {
      processor.close();
    }
  }

  private static FramePictures frames(LocalKafka kafka) {
    return FramePictures.open(
        kafka.client(), Topics.STANDARD.frames(), new Decoders(Limits.STANDARD)::open);
  }

  private Processor open(LocalKafka kafka, ReleaseFile release) {
    StreamObserver observer =
        new StreamObserver() {
          @Override
          public void deadLettered(String reason) {
            deadLetters.incrementAndGet();
          }
        };
    try {
      return Processor.open(config(kafka, "127.0.0.1:8080"), release, observer);
    } catch (IllegalStateException portTaken) {
      return Processor.open(config(kafka, "127.0.0.1:0"), release, observer);
    }
  }

  private static ProcessorConfig config(LocalKafka kafka, String listen) {
    return ProcessorConfig.read(
        null,
        Map.of(
            "bootstrap.servers",
            kafka.bootstrapServers(),
            "state.dir",
            kafka.folder().resolve("state").toString(),
            "http.listen",
            listen,
            // Beside cameras that take every core, and perhaps a training, a proof takes its time.
            "model.proof.deadline.ms",
            "60000"),
        Map.of());
  }

  private void start(CameraPublisher cameras, Audience audience) {
    settings
        .video()
        .ifPresentOrElse(
            video -> start(cameras, "video", video.toString(), audience),
            () -> CAMERAS.forEach(camera -> start(cameras, camera, GENERATED, audience)));
  }

  private static void start(
      CameraPublisher cameras, String camera, String address, Audience audience) {
    cameras.start(camera, CameraAddress.of(address));
    audience.line("camera   " + camera + " " + address);
  }

  /// @return when the figures were shown last
  private long watch(AnswerReader reader, Serving serving, Audience audience)
      throws InterruptedException {
    long begin = System.nanoTime();
    long tick = begin;
    while (stopped.getCount() > 0 && !over(begin)) {
      reader.poll(Duration.ofMillis(100), this::add);
      long now = System.nanoTime();
      if (now - tick >= TICK.toNanos()) {
        show(audience, tick);
        tick = now;
      }
      if (retraining != null) {
        retraining.take().ifPresent(serving::swap);
      }
      serving.tell(audience);
      Throwable failure = serving.failure();
      if (failure != null) {
        throw new IllegalStateException("the processor failed", failure);
      }
    }
    return tick;
  }

  private void show(Audience audience, long since) {
    audience.figures(
        figures.rows(Duration.ofNanos(System.nanoTime() - since)),
        score == null ? "" : score.toString());
  }

  private boolean over(long begin) {
    return settings
        .length()
        .map(length -> System.nanoTime() - begin >= length.toNanos())
        .orElse(false);
  }

  private void collect(AnswerReader reader, long framesIn) {
    long begin = System.nanoTime();
    while (masks + markers + deadLetters.get() < framesIn
        && System.nanoTime() - begin < LAST_ANSWERS.toNanos()) {
      reader.poll(Duration.ofMillis(100), this::add);
    }
    reader.drain(this::add);
  }

  /// A mask with what it holds.
  private record Shown(Mask mask, FrameStatistics statistics) {}

  private void show(Mask mask, @Nullable FrameStatistics statistics) {
    if (statistics != null && statistics.marker() == null) {
      newest.put(mask.identity().cameraId(), new Shown(mask, statistics));
    }
  }

  private void add(Answer answer) {
    join.add(answer);
    switch (answer) {
      case Answer.OfMask(_, Mask mask, _) -> {
        lastNanos = System.nanoTime();
        firstNanos = firstNanos == 0 ? lastNanos : firstNanos;
        if (mask.content() instanceof Marker) {
          markers++;
        } else {
          masks++;
        }
        if (score != null) {
          score.add(mask);
        }
        if (retraining != null) {
          retraining.add(mask);
        }
      }
      case Answer.OfStatistics(_, var statistics) -> {
        figures.add(statistics);
        stages.add(statistics.latency());
      }
      case Answer.Unreadable unreadable ->
          throw new IllegalStateException("unreadable answer: " + unreadable);
    }
  }

  private void paint(LocalKafka kafka, ReleaseFile release, Audience audience) {
    MaskPainter painter = new MaskPainter(ClassColors.of(release.palette().colors()), OPACITY);
    try (FramePictures pictures = frames(kafka)) {
      Files.createDirectories(settings.pictures());
      for (Shown shown : newest.values()) {
        Mask mask = shown.mask();
        ClassPicture classes = ClassPicture.of(mask).orElseThrow();
        Path file = settings.pictures().resolve(SafeName.of(mask.identity().cameraId()) + ".png");
        Files.write(
            file,
            MaskFiles.png(
                painter.paint(pictures.of(mask), classes, Legend.of(shown.statistics()))));
        audience.line("picture  " + file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write pictures to " + settings.pictures(), e);
    }
  }
}
