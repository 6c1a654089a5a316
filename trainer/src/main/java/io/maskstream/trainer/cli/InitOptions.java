package io.maskstream.trainer.cli;

import io.maskstream.release.PackagingOptions.Channels;
import io.maskstream.release.PackagingOptions.Normalisation;
import io.maskstream.release.Palette;
import io.maskstream.trainer.surgery.FcnOptions.Fusion;
import io.maskstream.trainer.surgery.FcnOptions.Variant;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which graph to begin with, and what it does not say of itself.
final class InitOptions {

  /// What nets are fed, by the library that trained them.
  private static final Map<String, Known> KNOWN =
      new TreeMap<>(
          Map.of(
              "imagenet",
                  new Known(
                      new Normalisation(
                          List.of(123.675f, 116.28f, 103.53f), List.of(58.395f, 57.12f, 57.375f)),
                      Channels.RGB),
              "tensorflow", new Known(Normalisation.of(127.5f, 127.5f), Channels.RGB),
              "caffe",
                  new Known(
                      new Normalisation(List.of(104f, 117f, 123f), List.of(1f, 1f, 1f)),
                      Channels.BGR),
              "unit", new Known(Normalisation.of(0, 255), Channels.RGB),
              "bytes", new Known(Normalisation.of(0, 1), Channels.RGB)));

  /// A habit of normalisation.
  record Known(Normalisation normalisation, Channels channels) {}

  @Option(
      names = "--init",
      paramLabel = "FILE",
      description = {
        "The ONNX graph to begin with: a classifier, a segmentation net, a release, or what an "
            + "earlier run wrote (best.onnx, last.checkpoint)."
      })
  @Nullable Path init;

  @Option(
      names = "--net",
      paramLabel = "NAME",
      description = {
        "A network of train graph --list, with random weights, or with those of --init: of the "
            + "classifier that its trunk is (Caffe's for the FCN papers' networks, torchvision's "
            + "for the others), or of a trained graph with layers of the same names."
      })
  @Nullable String net;

  @Option(
      names = "--init-hha",
      paramLabel = "FILE",
      description = {
        "Of --net with a stream for colours and one for HHA: the trained graph that the second "
            + "begins as, where --init is that of the first."
      })
  @Nullable Path initHha;

  @Option(
      names = "--thin",
      defaultValue = "1",
      paramLabel = "N",
      description =
          "Of --net: divides its numbers of channels, to try a recipe in seconds (default:"
              + " ${DEFAULT-VALUE}).")
  int thin = 1;

  @Option(
      names = "--align-corners",
      description = "Of --net: resizes as networks for 769x769 do, corner pixel on corner pixel.")
  boolean alignCorners;

  @Option(
      names = "--stride",
      description =
          "Of a classifier that becomes an FCN: the finest layer that is scored, 32, 16, 8 or 4 "
              + "(default: 8).")
  @Nullable Integer stride;

  @Option(
      names = "--stage",
      paramLabel = "FILE",
      description = {
        "A trained graph whose layers give their weights to those of the same name: FCN-16s of the "
            + "classifier --init begins with its FCN-32s. With --net, --init does the same."
      })
  @Nullable Path stage;

  @Option(
      names = "--fuse",
      defaultValue = "sum",
      description =
          "Of an FCN with skips: how scores of two strides become one, sum or max (default: "
              + "${DEFAULT-VALUE}).")
  Fusion fuse = Fusion.SUM;

  @Option(
      names = "--rarefy",
      defaultValue = "64",
      paramLabel = "STRIDE",
      description = {
        "Of an FCN made of a classifier: the coarsest stride that its trunk keeps; coarser layers "
            + "lose theirs, and what follows is dilated, with the same weights (default: "
            + "${DEFAULT-VALUE}, which none exceeds)."
      })
  int rarefy = 64;

  @Option(
      names = "--normalisation",
      paramLabel = "NAME|MEAN/STD",
      description = {
        "How bytes become what the net wants, where its file does not say: imagenet (torchvision), "
            + "tensorflow, caffe (BGR), unit (0 to 1), bytes (0 to 255),",
        "or numbers in bytes such as 104,117,123/1."
      })
  @Nullable String normalisation;

  @Option(names = "--channels", description = "Order of the net's colours: rgb or bgr.")
  @Nullable Channels channels;

  @Option(
      names = "--knows",
      paramLabel = "CLASSES",
      description =
          "The classes of a segmentation net that does not name them: cityscapes, voc, or a file "
              + "with one class a line (default: by their number).")
  @Nullable String knows;

  @Option(
      names = "--class-map",
      paramLabel = "NEW=OLD[,OLD];...",
      description = {
        "Which classes of a segmentation net a new class begins as, where their names differ:",
        "'pavement=sidewalk; tree=vegetation; sign symbol=traffic light, traffic sign'."
      })
  String classMap = "";

  @Option(
      names = "--enlarge",
      defaultValue = "1",
      paramLabel = "FACTOR",
      description = {
        "Of a segmentation net that gets new classes: by how much pictures are enlarged before it "
            + "sees them (default: ${DEFAULT-VALUE}).",
        "A net that was trained on larger pictures than yours knows things at a larger size."
      })
  float enlarge = 1;

  @Option(
      names = "--random-init",
      description = "Forgets the trained weights, to see what they are worth.")
  boolean randomInit;

  /// The classes of a palette or file.
  static Palette palette(String name) {
    return name.contains(".") || name.contains("/")
        ? Palette.read(Path.of(name))
        : Palette.known(name);
  }

  /// How bytes become what the net wants, as the user says.
  Optional<Known> known() {
    if (normalisation == null) {
      return Optional.empty();
    }
    Known named = KNOWN.get(normalisation.toLowerCase(Locale.ROOT));
    Known found = named == null ? parsed(normalisation) : named;
    return Optional.of(channels == null ? found : new Known(found.normalisation(), channels));
  }

  Variant variant() {
    return new Variant(fuse, rarefy);
  }

  /// The finest layer of a classifier that is scored.
  int finest() {
    return stride == null ? 8 : stride;
  }

  /// Whether the trunk is meant to be random.
  boolean beginsRandom() {
    return randomInit || net != null && init == null;
  }

  /// Refuses what a network with a name decides itself.
  void refuseWhatTheNetworkKnows() {
    boolean asked =
        stride != null
            || normalisation != null
            || channels != null
            || knows != null
            || !classMap.isEmpty()
            || enlarge != 1;
    if (asked) {
      throw new IllegalArgumentException(
          "--net "
              + net
              + " says itself which layers are scored and how it wants its pictures; leave --stride, "
              + "--normalisation, --channels, --knows, --class-map and --enlarge out");
    }
  }

  /// Refuses `--enlarge` where nothing can be enlarged.
  ///
  /// @param what the file holds
  void refuseEnlarge(String what) {
    if (enlarge != 1) {
      throw new IllegalArgumentException(
          init
              + " "
              + what
              + ", and --enlarge "
              + enlarge
              + " is for a segmentation net that gets new classes; leave it out");
    }
  }

  private static Known parsed(String text) {
    String[] parts = text.split("/", -1);
    try {
      if (parts.length == 2) {
        return new Known(new Normalisation(numbers(parts[0]), numbers(parts[1])), Channels.RGB);
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("no numbers in --normalisation " + text, e);
    }
    throw new IllegalArgumentException(
        "--normalisation " + text + " is none of " + KNOWN.keySet() + " and no MEAN/STD");
  }

  private static List<Float> numbers(String text) {
    return Arrays.stream(text.split(",", -1)).map(Float::parseFloat).toList();
  }
}
