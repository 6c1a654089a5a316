package io.maskstream.bench;

import io.maskstream.broker.LocalKafka;
import io.maskstream.camera.CameraPublisher;
import io.maskstream.camera.PublisherSettings;
import io.maskstream.config.ProcessorConfig;
import io.maskstream.inference.BareRun;
import io.maskstream.release.ReleaseFile;
import io.maskstream.service.Processor;
import io.maskstream.topics.Answer;
import io.maskstream.topics.AnswerReader;
import io.maskstream.topology.StreamObserver;
import io.maskstream.topology.Topics;
import io.maskstream.video.Size;
import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.AccessUnits;
import io.maskstream.wire.Marker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// Measures how many frames a second come out of the whole of Maskstream, beside what ONNX Runtime
/// alone makes of the same network at the same batch, in the same run.
///
/// The access units wait on a real broker before the processor starts, so nothing but the processor
/// sets the pace; the network alone is measured before and after, because machines drift.
public final class Bench {

  /// Share of the frames that is not counted: loading, filling buffers, and above all the JVM
  /// compiling what it runs, which takes a core for some ten seconds.
  private static final double WARM_UP = 0.4;

  private static final Duration BARE = Duration.ofSeconds(5);
  private static final Duration SILENCE = Duration.ofMinutes(2);
  private static final int READINGS = 10;

  private Bench() {}

  /// What to measure.
  ///
  /// @param cameras that are played at once
  /// @param frames of each camera
  /// @param release the network
  /// @param video what cameras show; empty for a generated scene
  /// @param options of the processor, as `-X` takes them
  public record Settings(
      int cameras,
      int frames,
      ReleaseFile release,
      Optional<Path> video,
      Map<String, String> options) {

    public Settings {
      if (cameras < 1 || frames < 10) {
        throw new IllegalArgumentException(
            "bench wants at least 1 camera and 10 frames: cameras="
                + cameras
                + " frames="
                + frames);
      }
      options = Map.copyOf(options);
    }
  }

  /// What was measured.
  ///
  /// @param endToEndFps committed masks a second, of all cameras together
  /// @param bareFps frames a second of ONNX Runtime alone
  /// @param masks that were answered with pixels
  /// @param markers that were not
  /// @param stages latencies; end_to_end counts from publication and is long, for all waited
  /// @param residentMegabytes memory of the process, at ten moments
  public record Outcome(
      double endToEndFps,
      double bareFps,
      long masks,
      long markers,
      Stages stages,
      List<Long> residentMegabytes) {

    public double ratio() {
      return endToEndFps / bareFps;
    }

    public String json() {
      return String.format(
          Locale.ROOT,
          "{\"end_to_end_fps\":%.2f,\"bare_fps\":%.2f,\"ratio\":%.3f,\"masks\":%d,\"markers\":%d,"
              + "\"resident_mb\":%s,\"latency_ms\":%s}",
          endToEndFps,
          bareFps,
          ratio(),
          masks,
          markers,
          residentMegabytes,
          stages.json());
    }
  }

  /// The network that ships with the product: convolutions that take 20 ms a frame and more.
  public static ReleaseFile shippedRelease() {
    try (var in = Bench.class.getResourceAsStream("bench.onnx")) {
      if (in == null) {
        throw new IllegalStateException("bench.onnx is missing from the jar; build again");
      }
      return ReleaseFile.of(in.readAllBytes(), "bench.onnx");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// @param progress takes a line for a person now and then
  public static Outcome run(Settings settings, Consumer<String> progress) {
    progress.accept("preparing the video of " + settings.cameras() + " cameras");
    Footage footage = settings.video().map(Footage::of).orElseGet(Footage::generated);
    try (LocalKafka kafka = LocalKafka.start(Math.min(8, settings.cameras()))) {
      publish(settings, footage, kafka);
      ProcessorConfig config = config(settings, kafka);
      try (Processor processor = Processor.open(config, settings.release(), StreamObserver.NONE)) {
        Size size = processor.segmenter().grid().fit(new Size(480, 360));
        int batch = processor.segmenter().batchMax();
        progress.accept("measuring the network alone, batch " + batch + " of " + size);
        double before = bare(settings, config, size, batch);
        progress.accept("measuring end to end");
        Counted counted = count(settings, kafka, processor, progress);
        progress.accept("measuring the network alone again");
        double after = bare(settings, config, size, batch);
        return new Outcome(
            counted.fps,
            (before + after) / 2,
            counted.masks,
            counted.markers,
            counted.stages,
            List.copyOf(counted.resident));
      }
    }
  }

  private static double bare(Settings settings, ProcessorConfig config, Size size, int batch) {
    return BareRun.measure(settings.release(), config.inference(), size, batch, BARE)
        .framesPerSecond();
  }

  private static ProcessorConfig config(Settings settings, LocalKafka kafka) {
    Map<String, String> options = new HashMap<>(settings.options());
    options.put("bootstrap.servers", kafka.bootstrapServers());
    options.put("state.dir", kafka.folder().resolve("state").toString());
    options.put("http.listen", "127.0.0.1:0");
    return ProcessorConfig.read(null, options, Map.of());
  }

  private static void publish(Settings settings, Footage footage, LocalKafka kafka) {
    Properties properties = CameraPublisher.properties(kafka.client(), PublisherSettings.STANDARD);
    AtomicReference<Exception> failure = new AtomicReference<>();
    try (var producer =
        new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer())) {
      List<String> cameras =
          IntStream.rangeClosed(1, settings.cameras()).mapToObj(i -> "camera-" + i).toList();
      for (int n = 0; n < settings.frames(); n++) {
        for (String camera : cameras) {
          send(producer, camera, footage.unit(camera, n), failure);
        }
      }
      for (String camera : cameras) {
        send(producer, camera, footage.end(camera, settings.frames()), failure);
      }
    }
    if (failure.get() != null) {
      throw new IllegalStateException("an access unit could not be sent", failure.get());
    }
  }

  private static void send(
      KafkaProducer<String, byte[]> producer,
      String camera,
      AccessUnit unit,
      AtomicReference<Exception> failure) {
    var _ =
        producer.send(
            new ProducerRecord<>(Topics.STANDARD.frames(), camera, AccessUnits.toBytes(unit)),
            (_, refused) -> failure.compareAndSet(null, refused));
  }

  private static Counted count(
      Settings settings, LocalKafka kafka, Processor processor, Consumer<String> progress) {
    long all = (long) settings.cameras() * settings.frames();
    Counted counted = new Counted(all, progress);
    try (AnswerReader reader =
        AnswerReader.open(
            kafka.client(),
            new AnswerReader.Of(Topics.STANDARD.masks(), Topics.STANDARD.statistics(), List.of()),
            new AnswerReader.From.Beginning())) {
      processor.start();
      long heard = System.nanoTime();
      while (counted.answers < all) {
        if (reader.poll(Duration.ofMillis(200), counted::add) > 0) {
          heard = System.nanoTime();
        }
        Throwable failure = processor.failure();
        if (failure != null) {
          throw new IllegalStateException("the processor failed under the bench", failure);
        }
        if (System.nanoTime() - heard > SILENCE.toNanos()) {
          throw new IllegalStateException(
              "no answer for " + SILENCE + ": answers=" + counted.answers + " of " + all);
        }
      }
    }
    return counted;
  }

  /// Counts committed answers as they are read.
  private static final class Counted {

    private final long all;
    private final Consumer<String> progress;
    private final Stages stages = new Stages();
    private final List<Long> resident = new ArrayList<>();
    private long answers;
    private long masks;
    private long markers;
    private long warmNanos;
    private long warmAnswers;
    private double fps;

    Counted(long all, Consumer<String> progress) {
      this.all = all;
      this.progress = progress;
    }

    void add(Answer answer) {
      switch (answer) {
        case Answer.OfMask mask -> {
          if (mask.mask().content() instanceof Marker) {
            markers++;
          } else {
            masks++;
          }
          answered();
        }
        case Answer.OfStatistics statistics -> {
          if (warmNanos != 0) {
            stages.add(statistics.statistics().latency());
          }
        }
        case Answer.Unreadable unreadable ->
            throw new IllegalStateException("unreadable answer: " + unreadable);
      }
    }

    private void answered() {
      answers++;
      long now = System.nanoTime();
      if (warmNanos == 0 && answers >= all * WARM_UP) {
        warmNanos = now;
        warmAnswers = answers;
      }
      if (now > warmNanos && answers > warmAnswers) {
        fps = (answers - warmAnswers) / ((now - warmNanos) / 1e9);
      }
      if (answers * READINGS / all > resident.size()) {
        resident.add(Memory.residentMegabytes());
        progress.accept(
            String.format(
                Locale.ROOT,
                "%d of %d frames, %.1f frames/s, %d MB resident",
                answers,
                all,
                fps,
                resident.getLast()));
      }
    }
  }
}
