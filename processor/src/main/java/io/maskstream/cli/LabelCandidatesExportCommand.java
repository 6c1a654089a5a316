package io.maskstream.cli;

import io.maskstream.painting.ClassNames;
import io.maskstream.painting.LabellingTask;
import io.maskstream.topics.AnswerException;
import io.maskstream.topics.CandidateLog;
import io.maskstream.topics.ControlTopics;
import io.maskstream.topics.FramePictures;
import io.maskstream.video.Decoders;
import io.maskstream.video.Limits;
import io.maskstream.wire.LabelCandidate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.Properties;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Makes a labelling task of the candidates.
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description = {
      "Writes the most doubtful candidates as pictures with their masks, to be corrected: a task for"
          + " CVAT (Segmentation mask 1.1), or VOC's folders. `train fit --data` reads both.",
      "Pictures are decoded from the frames topic, whose retention ends after an hour unless set"
          + " otherwise."
    })
final class LabelCandidatesExportCommand implements Runnable {

  @Spec CommandSpec spec;
  @Mixin KafkaOptions kafka = new KafkaOptions();
  @Mixin TopicOptions topics = new TopicOptions();

  @Parameters(
      paramLabel = "CAMERA",
      arity = "0..*",
      description = "Whose candidates; every camera's if none is named.")
  List<String> cameras = new ArrayList<>();

  @Option(
      names = "--format",
      description = "cvat or voc (default: ${DEFAULT-VALUE}).",
      defaultValue = "cvat")
  Format format = Format.CVAT;

  @Option(
      names = "--last",
      paramLabel = "SPAN",
      description = "Frames captured within this time until now (default: 1h).",
      converter = Span.class)
  Duration last = Duration.ofHours(1);

  @Option(
      names = "--max",
      paramLabel = "N",
      description = "So many, the most doubtful (default: ${DEFAULT-VALUE}).",
      defaultValue = "100")
  int max = 100;

  @Option(
      names = "-d",
      paramLabel = "DIR",
      required = true,
      description = "Where files go; a name that ends with .zip makes an archive.")
  Path target = Path.of(".");

  /// What the files are for.
  enum Format {
    CVAT,
    VOC
  }

  @Override
  public void run() {
    if (max < 1) {
      throw new IllegalArgumentException("--max is not positive: " + max);
    }
    Properties client = kafka.clientProperties();
    List<LabelCandidate> candidates = candidates(client);
    if (candidates.isEmpty()) {
      throw new IllegalArgumentException(
          "no candidate in the last %s; let `maskstream label-candidates collect` run, or take a longer --last"
              .formatted(last));
    }
    int written = 0;
    try (FramePictures pictures =
            FramePictures.open(
                client, topics.topics().frames(), new Decoders(Limits.STANDARD)::open);
        LabellingTask task = LabellingTask.open(target)) {
      ClassNames names = new ClassNames();
      for (LabelCandidate candidate : candidates) {
        written += add(candidate, pictures, task) ? 1 : 0;
        names.add(candidate.statistics());
      }
      if (written > 0) {
        task.finish(names, format == Format.CVAT);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to -d " + target, e);
    }
    spec.commandLine()
        .getErr()
        .printf(
            "pictures=%d left_out=%d format=%s%n",
            written, candidates.size() - written, format.name().toLowerCase(Locale.ROOT));
    if (written == 0) {
      throw new IllegalStateException(
          "no picture of the candidates is left; export more often, or keep frames for longer"
              + " (retention.ms of "
              + topics.topics().frames()
              + ")");
    }
    spec.commandLine().getOut().println(target);
  }

  private boolean add(LabelCandidate candidate, FramePictures pictures, LabellingTask task)
      throws IOException {
    try {
      task.add(pictures.of(candidate.mask()), candidate.mask());
      return true;
    } catch (AnswerException e) {
      spec.commandLine().getErr().println("left out: " + e.getMessage());
      return false;
    }
  }

  /// The most doubtful, in the order of their capture.
  private List<LabelCandidate> candidates(Properties client) {
    Instant since = Instant.now().minus(last);
    PriorityQueue<LabelCandidate> most =
        new PriorityQueue<>(Comparator.comparingDouble(LabelCandidate::doubt));
    CandidateLog.read(
        client,
        ControlTopics.withPrefix(topics.prefix).labelCandidates(),
        since,
        candidate -> {
          boolean wanted = cameras.isEmpty() || cameras.contains(candidate.identity().cameraId());
          if (wanted && !candidate.identity().captureTime().isBefore(since)) {
            most.add(candidate);
            if (most.size() > max) {
              most.remove();
            }
          }
        });
    return most.stream()
        .sorted(Comparator.comparing(candidate -> candidate.identity().captureTime()))
        .toList();
  }
}
