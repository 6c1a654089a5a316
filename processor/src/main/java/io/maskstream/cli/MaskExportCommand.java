package io.maskstream.cli;

import io.maskstream.painting.ClassNames;
import io.maskstream.painting.ClassPicture;
import io.maskstream.proto.MaskException;
import io.maskstream.relabel.LeastSure;
import io.maskstream.topics.Answer;
import io.maskstream.topics.AnswerException;
import io.maskstream.topics.AnswerReader;
import io.maskstream.topics.AnswerReader.From;
import io.maskstream.topics.AnswerReader.Of;
import io.maskstream.topics.FramePictures;
import io.maskstream.topics.MaskHistory;
import io.maskstream.video.Decoders;
import io.maskstream.video.Limits;
import io.maskstream.wire.FrameStatistics;
import io.maskstream.wire.Marker;
import io.maskstream.wire.Mask;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Writes masks into files: a camera's newest, or those of which the network was least sure.
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description =
        "Writes a camera's newest masks as VOC palette PNGs, COCO run lengths or grey PNGs, or"
            + " with their pictures as a task for CVAT (Segmentation mask 1.1).")
final class MaskExportCommand implements Runnable {

  @Spec CommandSpec spec;
  @Mixin KafkaOptions kafka = new KafkaOptions();
  @Mixin TopicOptions topics = new TopicOptions();

  @Parameters(
      paramLabel = "CAMERA",
      arity = "0..1",
      description = "Whose masks; with --lowest-confidence it may be left out for every camera's.")
  @Nullable String camera;

  @ArgGroup Extent extent = new Extent();

  @Option(
      names = "--lowest-confidence",
      paramLabel = "N",
      description = {
        "The N masks of the lowest mean confidence, no two of a camera within the same two seconds,",
        "of the last hour or of --last."
      })
  @Nullable Integer lowest;

  @Option(
      names = "--format",
      description = "voc, coco, png or cvat (default: ${DEFAULT-VALUE}).",
      defaultValue = "voc")
  MaskExport.Format format = MaskExport.Format.VOC;

  @Option(
      names = "-d",
      paramLabel = "DIR",
      required = true,
      description = "Where files go; for cvat a name that ends with .zip makes an archive.")
  Path folder = Path.of(".");

  private static final Duration AN_HOUR = Duration.ofHours(1);

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
    if (extent.max < 1 || (lowest != null && lowest < 1)) {
      throw new IllegalArgumentException("--max and --lowest-confidence are positive numbers");
    }
    Properties client = kafka.clientProperties();
    Duration span = lowest == null ? extent.last : null;
    List<Answer.OfMask> chosen = span == null ? chosen(client) : List.of();
    try (MaskExport export =
        MaskExport.of(
            format,
            folder,
            () ->
                FramePictures.open(
                    client, topics.topics().frames(), new Decoders(Limits.STANDARD)::open))) {
      chosen.forEach(mask -> write(mask, export));
      if (span != null) {
        since(Instant.now().minus(span), export);
      }
      if (masks == 0) {
        throw new IllegalStateException("nothing was written: no mask has a picture left");
      }
      export.finish(classNames(client));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to -d " + folder, e);
    }
    PrintWriter err = spec.commandLine().getErr();
    spec.commandLine().getOut().println(folder);
    err.println(
        "masks=%d markers_without_pixels=%d format=%s"
            .formatted(masks, markers, format.name().toLowerCase(Locale.ROOT)));
  }

  private List<Answer.OfMask> chosen(Properties client) {
    if (lowest != null) {
      return leastSure(client, lowest);
    }
    try (MaskHistory history =
        MaskHistory.open(client, topics.topics().masks(), requiredCamera())) {
      return history.last(extent.max, "mask", MaskExportCommand::hasPixels);
    }
  }

  private String requiredCamera() {
    if (camera == null) {
      throw new ParameterException(
          spec.commandLine(), "CAMERA is missing; only --lowest-confidence goes without");
    }
    return camera;
  }

  private List<Answer.OfMask> leastSure(Properties client, int count) {
    Instant since = Instant.now().minus(extent.last == null ? AN_HOUR : extent.last);
    List<Answer.OfMask> found = LeastSure.of(client, topics.topics(), cameras(), since, count);
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          "no mask with a confidence since %s: %s; take a longer --last, or a release that has a confidence"
              .formatted(since, camera == null ? "every camera" : "camera=" + camera));
    }
    return found;
  }

  private Set<String> cameras() {
    return camera == null ? Set.of() : Set.of(camera);
  }

  private void since(Instant since, MaskExport export) {
    Properties client = kafka.clientProperties();
    String topic = topics.topics().masks();
    Of wanted = new Of(topic, null, Set.of(requiredCamera()));
    try (AnswerReader reader = AnswerReader.open(client, wanted, new From.Since(since))) {
      reader.drain(answer -> {
        if (answer instanceof Answer.OfMask mask) {
          write(mask, export);
        }
      });
    }
    if (masks == 0) {
      try (MaskHistory history = MaskHistory.open(client, topic, requiredCamera())) {
        Mask newest = history.last(1, "mask", MaskExportCommand::hasPixels).getFirst().mask();
        throw new IllegalArgumentException(
            "no mask captured since %s: camera=%s, its newest was captured at %s; take a longer --last, or --max N"
                .formatted(since, camera, newest.identity().captureTime()));
      }
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
    } catch (AnswerException e) {
      spec.commandLine().getErr().println("left out: " + e.getMessage());
      return;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to -d " + folder, e);
    }
    masks++;
    if (answer.place().timestamp().isBefore(oldest)) {
      oldest = answer.place().timestamp();
    }
  }

  /// The names that releases gave to the classes of the exported masks, as the statistics say.
  private ClassNames classNames(Properties client) {
    ClassNames names = new ClassNames();
    if (format != MaskExport.Format.COCO && format != MaskExport.Format.CVAT) {
      return names;
    }
    try (AnswerReader reader =
        AnswerReader.open(
            client,
            new Of(null, topics.topics().statistics(), cameras()),
            new From.Since(oldest))) {
      reader.drain(answer -> {
        if (answer instanceof Answer.OfStatistics(_, FrameStatistics statistics)) {
          names.add(statistics);
        }
      });
    } catch (AnswerException e) {
      spec.commandLine().getErr().println("classes stay without names: " + e.getMessage());
    }
    return names;
  }

  private static boolean hasPixels(Mask mask) {
    return !(mask.content() instanceof Marker);
  }
}
