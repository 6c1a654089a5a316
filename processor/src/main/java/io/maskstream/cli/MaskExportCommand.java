package io.maskstream.cli;

import io.maskstream.painting.ClassPicture;
import io.maskstream.proto.MaskException;
import io.maskstream.topics.Answer;
import io.maskstream.topics.AnswerException;
import io.maskstream.topics.AnswerReader;
import io.maskstream.topics.AnswerReader.From;
import io.maskstream.topics.AnswerReader.Of;
import io.maskstream.topics.MaskHistory;
import io.maskstream.wire.FrameStatistics;
import io.maskstream.wire.FrameStatistics.ClassArea;
import io.maskstream.wire.Marker;
import io.maskstream.wire.Mask;
import io.maskstream.wire.Release;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Writes the newest masks of a camera into files.
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description =
        "Writes a camera's newest masks as VOC palette PNGs, COCO run lengths or grey PNGs.")
final class MaskExportCommand implements Runnable {

  @Spec CommandSpec spec;
  @Mixin KafkaOptions kafka = new KafkaOptions();
  @Mixin TopicOptions topics = new TopicOptions();

  @Parameters(paramLabel = "CAMERA", description = "Whose masks.")
  String camera = "";

  @ArgGroup Extent extent = new Extent();

  @Option(
      names = "--format",
      description = "voc, coco or png (default: ${DEFAULT-VALUE}).",
      defaultValue = "voc")
  MaskExport.Format format = MaskExport.Format.VOC;

  @Option(names = "-d", paramLabel = "DIR", required = true, description = "Where files go.")
  Path folder = Path.of(".");

  private long masks;
  private long markers;
  private Instant oldest = Instant.MAX;

  /// How far back; one of the two.
  static final class Extent {

    @Option(
        names = "--last",
        paramLabel = "SPAN",
        description = "Masks captured within this time until now, such as 60s.",
        converter = Span.class)
    @Nullable Duration last;

    @Option(
        names = "--max",
        paramLabel = "N",
        description = "So many masks, the newest (default: 100).")
    int max = 100;
  }

  @Override
  public void run() {
    if (extent.max < 1) {
      throw new IllegalArgumentException("--max is not positive: " + extent.max);
    }
    Properties client = kafka.clientProperties();
    String topic = topics.topics().masks();
    try (MaskHistory history = MaskHistory.open(client, topic, camera)) {
      Files.createDirectories(folder);
      try (MaskExport export = MaskExport.of(format, folder)) {
        if (extent.last == null) {
          history.last(extent.max, "mask", MaskExportCommand::hasPixels).stream()
              .forEach(mask -> write(mask, export));
        } else {
          since(Instant.now().minus(extent.last), export, history);
        }
        export.finish(classNames(client));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to -d " + folder, e);
    }
    PrintWriter err = spec.commandLine().getErr();
    spec.commandLine().getOut().println(folder);
    err.println(
        "masks=%d markers_without_pixels=%d format=%s"
            .formatted(masks, markers, format.name().toLowerCase(Locale.ROOT)));
  }

  private void since(Instant since, MaskExport export, MaskHistory history) {
    try (AnswerReader reader =
        AnswerReader.open(
            kafka.clientProperties(),
            new Of(topics.topics().masks(), null, Set.of(camera)),
            new From.Since(since))) {
      reader.drain(answer -> {
        if (answer instanceof Answer.OfMask mask) {
          write(mask, export);
        }
      });
    }
    if (masks == 0) {
      Mask newest = history.last(1, "mask", MaskExportCommand::hasPixels).getFirst().mask();
      throw new IllegalArgumentException(
          "no mask captured since %s: camera=%s, its newest was captured at %s; take a longer --last, or --max N"
              .formatted(since, camera, newest.identity().captureTime()));
    }
  }

  private void write(Answer.OfMask answer, MaskExport export) {
    Optional<ClassPicture> pixels;
    try {
      pixels = ClassPicture.of(answer.mask());
    } catch (MaskException e) {
      spec.commandLine().getErr().println("left out: " + answer.place() + ": " + e.getMessage());
      return;
    }
    if (pixels.isEmpty()) {
      markers++;
      return;
    }
    try {
      export.write(answer.mask(), pixels.get());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to -d " + folder, e);
    }
    masks++;
    if (answer.place().timestamp().isBefore(oldest)) {
      oldest = answer.place().timestamp();
    }
  }

  /// The names that releases gave to the classes of the exported masks, as the statistics say.
  private MaskExport.ClassNames classNames(Properties client) {
    if (format != MaskExport.Format.COCO) {
      return (_, id) -> "class " + id;
    }
    Map<Release, Map<Integer, String>> names = new HashMap<>();
    try (AnswerReader reader =
        AnswerReader.open(
            client,
            new Of(null, topics.topics().statistics(), Set.of(camera)),
            new From.Since(oldest))) {
      reader.drain(answer -> {
        if (answer instanceof Answer.OfStatistics(_, FrameStatistics statistics)
            && statistics.release() != null) {
          Map<Integer, String> own =
              names.computeIfAbsent(statistics.release(), _ -> new HashMap<>());
          for (ClassArea area : statistics.classes()) {
            own.put(area.classId(), area.className());
          }
        }
      });
    } catch (AnswerException e) {
      spec.commandLine().getErr().println("classes stay without names: " + e.getMessage());
    }
    return (release, id) -> names.getOrDefault(release, Map.of()).getOrDefault(id, "class " + id);
  }

  private static boolean hasPixels(Mask mask) {
    return !(mask.content() instanceof Marker);
  }
}
