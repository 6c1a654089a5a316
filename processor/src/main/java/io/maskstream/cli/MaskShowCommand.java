package io.maskstream.cli;

import io.maskstream.painting.ClassColors;
import io.maskstream.painting.ClassPicture;
import io.maskstream.painting.Legend;
import io.maskstream.painting.MaskFiles;
import io.maskstream.painting.MaskPainter;
import io.maskstream.painting.RgbPicture;
import io.maskstream.topics.Answer;
import io.maskstream.topics.AnswerReader;
import io.maskstream.topics.AnswerReader.From;
import io.maskstream.topics.AnswerReader.Of;
import io.maskstream.topics.FramePictures;
import io.maskstream.topics.MaskHistory;
import io.maskstream.topology.DecoderFactory;
import io.maskstream.video.Decoders;
import io.maskstream.video.Limits;
import io.maskstream.wire.FrameStatistics;
import io.maskstream.wire.Marker;
import io.maskstream.wire.Mask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Paints a frame with its mask.
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = "Paints a camera's newest frame with its mask, as a PNG.")
final class MaskShowCommand implements Runnable {

  @Spec CommandSpec spec;
  @Mixin KafkaOptions kafka = new KafkaOptions();
  @Mixin TopicOptions topics = new TopicOptions();

  @Parameters(paramLabel = "CAMERA", description = "Whose frame.")
  String camera = "";

  @Option(
      names = "--sequence",
      paramLabel = "N",
      description = "Which frame of the camera's newest session that has it.")
  @Nullable Long sequence;

  @Option(names = "-d", paramLabel = "FILE", required = true, description = "The PNG to write.")
  Path file = Path.of("mask.png");

  @Option(
      names = "--opacity",
      paramLabel = "0..1",
      description = "0 shows the frame alone, 1 the mask alone (default: ${DEFAULT-VALUE}).",
      defaultValue = "0.5")
  double opacity = 0.5;

  @Override
  public void run() {
    requireOpacity();
    Properties client = kafka.clientProperties();
    Answer.OfMask answer = newest(client);
    Mask mask = answer.mask();
    ClassPicture pixels =
        ClassPicture.of(mask).orElseThrow(() -> new IllegalArgumentException(why(mask)));
    RgbPicture picture = picture(client, mask);
    FrameStatistics statistics = statistics(client, answer);
    List<FrameStatistics.ClassArea> classes = statistics == null ? List.of() : statistics.classes();
    MaskPainter painter = new MaskPainter(ClassColors.ofDataSet(classes), opacity);
    Legend legend = statistics == null ? Legend.of(pixels.areas()) : Legend.of(statistics);
    try {
      Files.write(file, MaskFiles.png(painter.paint(picture, pixels, legend)));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write -d " + file, e);
    }
    spec.commandLine()
        .getOut()
        .println(
            "%s camera=%s session=%s sequence=%d size=%dx%d release=%s"
                .formatted(
                    file,
                    mask.identity().cameraId(),
                    mask.identity().sessionId(),
                    mask.identity().sequence(),
                    picture.width(),
                    picture.height(),
                    mask.release()));
  }

  private void requireOpacity() {
    if (!(opacity >= 0 && opacity <= 1)) {
      throw new IllegalArgumentException("--opacity is not 0 to 1: " + opacity);
    }
  }

  private Answer.OfMask newest(Properties client) {
    try (MaskHistory history = MaskHistory.open(client, topics.topics().masks(), camera)) {
      Long wanted = sequence;
      return (wanted == null
              ? history.last(1, "mask", mask -> !(mask.content() instanceof Marker))
              : history.last(
                  1, "mask of sequence=" + wanted, mask -> mask.identity().sequence() == wanted))
          .getFirst();
    }
  }

  private RgbPicture picture(Properties client, Mask mask) {
    Decoders decoders = new Decoders(Limits.STANDARD);
    DecoderFactory factory = decoders::open;
    try (FramePictures pictures = FramePictures.open(client, topics.topics().frames(), factory)) {
      return pictures.of(mask);
    }
  }

  /// The mask's own statistics; null if they are gone.
  private @Nullable FrameStatistics statistics(Properties client, Answer.OfMask mask) {
    AtomicReference<@Nullable FrameStatistics> own = new AtomicReference<>();
    try (AnswerReader reader =
        AnswerReader.open(
            client,
            new Of(null, topics.topics().statistics(), Set.of(camera)),
            new From.Since(mask.place().timestamp()))) {
      reader.drain(answer -> {
        if (answer instanceof Answer.OfStatistics(_, var statistics)
            && statistics.identity().equals(mask.mask().identity())) {
          own.set(statistics);
        }
      });
    }
    return own.get();
  }

  private static String why(Mask mask) {
    return "this frame has no mask: camera=%s sequence=%d %s"
        .formatted(mask.identity().cameraId(), mask.identity().sequence(), mask.content());
  }
}
