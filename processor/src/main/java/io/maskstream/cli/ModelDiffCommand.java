package io.maskstream.cli;

import io.maskstream.camera.CameraAddress;
import io.maskstream.camera.CameraSource;
import io.maskstream.camera.SourceSettings;
import io.maskstream.gate.Gate;
import io.maskstream.gate.GateLimits;
import io.maskstream.inference.InferenceObserver;
import io.maskstream.inference.InferenceSettings;
import io.maskstream.inference.OnnxSegmenter;
import io.maskstream.inference.Provider;
import io.maskstream.inference.Segmented;
import io.maskstream.painting.ClassColors;
import io.maskstream.painting.ClassPicture;
import io.maskstream.painting.DifferencePainter;
import io.maskstream.painting.MaskFiles;
import io.maskstream.painting.RgbPicture;
import io.maskstream.release.ReleaseFile;
import io.maskstream.score.Difference;
import io.maskstream.score.Scores;
import io.maskstream.store.ReleaseStore;
import io.maskstream.topics.FramePictures;
import io.maskstream.topology.DecoderFactory;
import io.maskstream.video.Decoders;
import io.maskstream.video.Frame;
import io.maskstream.video.Limits;
import io.maskstream.wire.AccessUnit;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Shows how two releases differ.
@Command(
    name = "diff",
    mixinStandardHelpOptions = true,
    description = {
      "Runs two releases over the same frames, here and not in a processor, and says how far their "
          + "masks agree: IoU of each class of A against B, share of pixels that differ, latency.",
      "With -d it paints each frame: the picture, A, B, and where they differ."
    })
final class ModelDiffCommand implements Runnable {

  @Spec CommandSpec spec;

  @Parameters(index = "0", paramLabel = "A", description = "A release: a path or a store's URI.")
  String placeOfA = "";

  @Parameters(index = "1", paramLabel = "B", description = "The other one.")
  String placeOfB = "";

  @ArgGroup(multiplicity = "1")
  From from = new From();

  @Option(
      names = "--frames",
      paramLabel = "N",
      description = "Frames to compare (default: ${DEFAULT-VALUE}).",
      defaultValue = "10")
  int most = 10;

  @Option(
      names = "--every",
      paramLabel = "N",
      description = "Compare every so many frames of a source (default: ${DEFAULT-VALUE}).",
      defaultValue = "1")
  int every = 1;

  @Option(names = "-d", paramLabel = "DIR", description = "Where a PNG of each frame is written.")
  @Nullable Path folder;

  @Option(
      names = "--provider",
      defaultValue = "auto",
      description = "auto, cpu or cuda (default: ${DEFAULT-VALUE}).")
  String provider = "auto";

  @Mixin StoreArguments store = new StoreArguments();
  @Mixin KafkaOptions kafka = new KafkaOptions();
  @Mixin TopicOptions topics = new TopicOptions();

  @Option(names = "-o", description = "table or json.", defaultValue = "table")
  OutputFormat format = OutputFormat.TABLE;

  private final List<Duration> latenciesOfA = new ArrayList<>();
  private final List<Duration> latenciesOfB = new ArrayList<>();
  private int compared;

  /// Where the frames are from; one of the two.
  static final class From {

    @Option(names = "--camera", paramLabel = "ID", description = "The newest of a camera on Kafka.")
    @Nullable String camera;

    @Option(
        names = "--source",
        paramLabel = "SOURCE",
        arity = "1..*",
        description = "Video or picture files, rtsp://…, or testsrc:WIDTHxHEIGHT@FPS.")
    List<String> sources = new ArrayList<>();
  }

  @Override
  public void run() {
    if (most < 1 || every < 1) {
      throw new IllegalArgumentException(
          "--frames and --every are not positive: " + most + ", " + every);
    }
    ReleaseFile a = release(placeOfA);
    ReleaseFile b = release(placeOfB);
    Difference difference = new Difference(a.palette(), b.palette());
    try (OnnxSegmenter runsA = open(a);
        OnnxSegmenter runsB = open(b)) {
      Comparing comparing = new Comparing(difference, runsA, runsB);
      if (from.camera != null) {
        compare(newest(from.camera), comparing);
      }
      from.sources.forEach(source -> compare(source, comparing));
    }
    if (compared == 0) {
      throw new IllegalArgumentException(
          "no picture comes out of the frames; `maskstream camera probe` says what a source sends");
    }
    tell(a, b, difference);
  }

  private ReleaseFile release(String place) {
    Path file = store.fetched(ReleaseStore.address(place), Optional.empty(), List.of(), true);
    try {
      return new Gate(GateLimits.STANDARD.withCoarserMaps(true))
          .check(Files.readAllBytes(file), place);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the release " + file + ": " + e, e);
    }
  }

  private OnnxSegmenter open(ReleaseFile release) {
    InferenceSettings settings =
        InferenceSettings.standard()
            .withProvider(Provider.of(provider))
            .withRuns(1)
            .withBatch(1, Duration.ZERO);
    return OnnxSegmenter.open(release, settings, InferenceObserver.NONE);
  }

  private List<AccessUnit> newest(String camera) {
    Decoders decoders = new Decoders(Limits.STANDARD);
    DecoderFactory factory = decoders::open;
    try (FramePictures pictures =
        FramePictures.open(kafka.clientProperties(), topics.topics().frames(), factory)) {
      return pictures.newest(camera, most);
    }
  }

  /// The last ones of a camera: those before them are decoded for their sake.
  private void compare(List<AccessUnit> units, Comparing comparing) {
    try (PicturesForTwo pictures = comparing.pictures()) {
      comparing.leaveOut(Math.max(0, units.size() - most));
      for (int i = 0; i < units.size(); i++) {
        pictures.decode(units.get(i), i, comparing);
      }
      pictures.drain(comparing);
    }
  }

  private void compare(String address, Comparing comparing) {
    try (CameraSource source =
            CameraSource.open("diff", CameraAddress.of(address), SourceSettings.STANDARD);
        PicturesForTwo pictures = comparing.pictures()) {
      comparing.leaveOut(0);
      long ticket = 0;
      Optional<AccessUnit> unit = source.next();
      while (unit.isPresent() && compared < most) {
        pictures.decode(unit.get(), ticket++, comparing);
        unit = source.next();
      }
      pictures.drain(comparing);
    }
  }

  /// Runs both releases on one picture after another.
  private final class Comparing implements PicturesForTwo.Taker {

    private final Difference difference;
    private final OnnxSegmenter a;
    private final OnnxSegmenter b;
    private final DifferencePainter painter;
    private int leftOut;
    private int seen;

    Comparing(Difference difference, OnnxSegmenter a, OnnxSegmenter b) {
      this.difference = difference;
      this.a = a;
      this.b = b;
      painter = new DifferencePainter(ClassColors.of(difference.colors()));
    }

    PicturesForTwo pictures() {
      return new PicturesForTwo(a.grid(), b.grid());
    }

    void leaveOut(int pictures) {
      leftOut = pictures;
      seen = 0;
    }

    @Override
    public void take(RgbPicture picture, Frame forA, Frame forB) {
      int number = seen++ - leftOut;
      if (number < 0 || number % every != 0 || compared >= most) {
        forA.close();
        forB.close();
        return;
      }
      Segmented byA = a.submit(forA).join();
      Segmented byB = b.submit(forB).join();
      latenciesOfA.add(byA.inference());
      latenciesOfB.add(byB.inference());
      Difference.Pair pair = difference.add(byA.classMap(), byB.classMap());
      compared++;
      if (folder != null) {
        paint(folder, picture, pair, List.of(byA.release().toString(), byB.release().toString()));
      }
    }

    private void paint(Path into, RgbPicture picture, Difference.Pair pair, List<String> releases) {
      int width = pair.size().width();
      int height = pair.size().height();
      List<String> titles =
          List.of(
              "frame " + compared,
              "A " + releases.getFirst(),
              "B " + releases.getLast(),
              String.format(Locale.ROOT, "differ %.1f%%", 100 * pair.differing()));
      try {
        Files.createDirectories(into);
        Files.write(
            into.resolve(String.format(Locale.ROOT, "diff-%04d.png", compared)),
            MaskFiles.png(
                painter.paint(
                    picture,
                    new ClassPicture(width, height, pair.a()),
                    new ClassPicture(width, height, pair.b()),
                    titles)));
      } catch (IOException e) {
        throw new UncheckedIOException("cannot write to -d " + into, e);
      }
    }
  }

  private void tell(ReleaseFile a, ReleaseFile b, Difference difference) {
    Scores scores = difference.scores();
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("a", a.toString());
    properties.put("b", b.toString());
    properties.put("frames", compared);
    properties.put("a_ms", median(latenciesOfA));
    properties.put("b_ms", median(latenciesOfB));
    List<ClassRow> rows = new ArrayList<>();
    for (int id = 0; id < difference.names().size(); id++) {
      Scores.ClassScore score = scores.perClass().get(id);
      if (score.truth() + score.predicted() > 0) {
        rows.add(
            new ClassRow(
                difference.names().get(id),
                score.iou(),
                score.truth() / (double) scores.pixels(),
                score.predicted() / (double) scores.pixels()));
      }
    }
    PrintWriter out = spec.commandLine().getOut();
    switch (format) {
      case JSON -> {
        properties.put("differing", difference.differing());
        properties.put("mean_iou", scores.meanIou());
        properties.put("classes", rows.stream().map(ClassRow::properties).toList());
        out.println(format.write(properties));
      }
      case TABLE -> {
        properties.put(
            "differing", String.format(Locale.ROOT, "%.2f%%", 100 * difference.differing()));
        properties.put("mean_iou", String.format(Locale.ROOT, "%.3f", scores.meanIou()));
        out.println(format.write(properties));
        out.printf("%n%-20s %8s %8s %8s%n", "CLASS", "IOU", "A", "B");
        rows.forEach(row -> out.println(row.line()));
      }
    }
  }

  /// One class, with the share of the pixels that each release gives it.
  private record ClassRow(String name, double iou, double shareOfA, double shareOfB) {

    String line() {
      return String.format(
          Locale.ROOT, "%-20s %8.3f %7.1f%% %7.1f%%", name, iou, 100 * shareOfA, 100 * shareOfB);
    }

    Map<String, Object> properties() {
      Map<String, Object> properties = new LinkedHashMap<>();
      properties.put("class", name);
      properties.put("iou", iou);
      properties.put("a_share", shareOfA);
      properties.put("b_share", shareOfB);
      return properties;
    }
  }

  private static double median(List<Duration> latencies) {
    return latencies.stream().sorted().toList().get(latencies.size() / 2).toNanos() / 1e6;
  }
}
