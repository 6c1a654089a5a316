package io.maskstream.cli;

import io.maskstream.camera.CameraAddress;
import io.maskstream.camera.CameraSource;
import io.maskstream.camera.SourceSettings;
import io.maskstream.painting.MaskFiles;
import io.maskstream.painting.RgbPicture;
import io.maskstream.topics.FramePictures;
import io.maskstream.topology.DecoderFactory;
import io.maskstream.video.Decoder;
import io.maskstream.video.Decoders;
import io.maskstream.video.Frame;
import io.maskstream.video.Limits;
import io.maskstream.video.Result;
import io.maskstream.wire.AccessUnit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// The current picture, from a source or from Kafka.
@Command(
    name = "snapshot",
    mixinStandardHelpOptions = true,
    description =
        "Writes the newest picture of a camera on Kafka, or the first one that a source sends, as a"
            + " JPEG or PNG.")
final class CameraSnapshotCommand implements Runnable {

  /// Access units that a source may send before a picture comes out.
  private static final int MOST_UNITS = 1000;

  @Spec CommandSpec spec;
  @Mixin KafkaOptions kafka = new KafkaOptions();
  @Mixin TopicOptions topics = new TopicOptions();

  @ArgGroup(multiplicity = "1")
  From from = new From();

  @Option(
      names = "-d",
      paramLabel = "FILE",
      required = true,
      description = "What to write; .png makes a PNG, .jpg a JPEG.")
  Path file = Path.of("snapshot.jpg");

  /// Where the picture is from; one of the two.
  static final class From {

    @Parameters(paramLabel = "CAMERA", description = "A camera on Kafka.")
    @Nullable String camera;

    @Option(
        names = "--source",
        paramLabel = "SOURCE",
        description = "A file, rtsp://…, http://…, /dev/videoN or testsrc:WIDTHxHEIGHT@FPS.")
    @Nullable String source;
  }

  @Override
  public void run() {
    boolean png = isPng();
    String camera = from.camera;
    RgbPicture picture = camera == null ? ofSource(address()) : ofKafka(camera);
    byte[] bytes = png ? MaskFiles.png(picture.image()) : MaskFiles.jpeg(picture.image());
    try {
      Files.write(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write -d " + file, e);
    }
    spec.commandLine()
        .getOut()
        .println("%s size=%dx%d".formatted(file, picture.width(), picture.height()));
  }

  private boolean isPng() {
    String name = file.toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".png")) {
      return true;
    }
    if (name.endsWith(".jpg") || name.endsWith(".jpeg")) {
      return false;
    }
    throw new ParameterException(
        spec.commandLine(), "-d wants a name that ends with .png or .jpg: " + file);
  }

  private CameraAddress address() {
    try {
      return CameraAddress.of(String.valueOf(from.source));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private RgbPicture ofKafka(String camera) {
    Decoders decoders = new Decoders(Limits.STANDARD);
    DecoderFactory factory = decoders::open;
    try (FramePictures pictures =
        FramePictures.open(kafka.clientProperties(), topics.topics().frames(), factory)) {
      return pictures.newest(camera);
    }
  }

  private static RgbPicture ofSource(CameraAddress address) {
    try (CameraSource source = CameraSource.open("snapshot", address, SourceSettings.STANDARD);
        Decoder decoder = new Decoders(Limits.STANDARD).open(upright -> upright)) {
      int units = 0;
      for (Optional<AccessUnit> unit = source.next();
          unit.isPresent() && units < MOST_UNITS;
          unit = source.next()) {
        Optional<RgbPicture> picture = first(decoder.decode(unit.get(), units++, true));
        if (picture.isPresent()) {
          return picture.get();
        }
      }
      int read = units;
      return first(decoder.drain())
          .orElseThrow(() ->
              new IllegalArgumentException(
                  "no picture comes out of the source: source=%s access units read=%d; `maskstream camera probe` says what it sends"
                      .formatted(address, read)));
    }
  }

  /// The first picture; closes all frames.
  private static Optional<RgbPicture> first(List<Result> results) {
    RgbPicture first = null;
    for (Result result : results) {
      if (result instanceof Result.Decoded(_, Frame frame)) {
        try (frame) {
          first =
              first == null
                  ? RgbPicture.copyOf(frame.size().width(), frame.size().height(), frame.rgb())
                  : first;
        }
      }
    }
    return Optional.ofNullable(first);
  }
}
