package io.maskstream.cli;

import io.maskstream.inference.OrtGraphRunner;
import io.maskstream.release.InputSize;
import io.maskstream.release.Packaged;
import io.maskstream.release.Packager;
import io.maskstream.release.PackagingOptions;
import io.maskstream.release.PackagingOptions.Channels;
import io.maskstream.release.PackagingOptions.Layout;
import io.maskstream.release.PackagingOptions.Normalisation;
import io.maskstream.release.Palette;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Makes a release of a graph.
@Command(
    name = "package",
    description = {
      "Makes a release of a third-party segmentation graph: bytes in, class ids and confidence out.",
      "The release is verified against the graph before it is written."
    })
final class ModelPackageCommand implements Runnable {

  @Spec CommandSpec spec;

  // Not the standard help options: their --version would be taken for the release's.
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help message and exit.")
  boolean help;

  @Parameters(paramLabel = "GRAPH", description = "The .onnx file of any exporter.")
  Path graph;

  @Option(
      names = {"--out"},
      paramLabel = "FILE",
      required = true,
      description = "Where to write the release.")
  Path out;

  @Option(names = "--name", description = "Name of the release (default: that of the file).")
  @Nullable String name;

  @Option(names = "--version", defaultValue = "1", description = "Version of the release.")
  String version = "1";

  @Option(
      names = "--mean",
      split = ",",
      paramLabel = "BYTE",
      description = "Taken from each byte: one number, or one for each channel of the net.")
  @Nullable List<Float> mean;

  @Option(
      names = "--std",
      split = ",",
      paramLabel = "BYTE",
      description = "What is left is divided by this.")
  @Nullable List<Float> std;

  @Option(
      names = "--channels",
      defaultValue = "rgb",
      description = "Order of the net's channels: rgb or bgr.")
  Channels channels = Channels.RGB;

  @Option(
      names = "--layout",
      defaultValue = "auto",
      description = "Order of the net's axes: nchw, nhwc or auto.")
  Layout layout = Layout.AUTO;

  @Option(
      names = "--classes",
      description = {
        "The name of a data set (ade20k, camvid, cityscapes, coco-panoptic, nyudv2, "
            + "pascal-context, pascal-context-59, siftflow, voc), road, or a file with one class a "
            + "line."
      })
  @Nullable String classes;

  @Option(
      names = "--size",
      paramLabel = "WIDTHxHEIGHT",
      description = "Fixes the frame size of a graph that takes any.")
  @Nullable String size;

  @Option(
      names = "--multiple",
      description = "What divides both sides of frames of any size (default: ${DEFAULT-VALUE}).")
  int multiple = PackagingOptions.MULTIPLE;

  @Option(
      names = "--max-pixels",
      description = "The most pixels of frames of any size (default: ${DEFAULT-VALUE}).")
  long maxPixels = PackagingOptions.MAX_PIXELS;

  @Option(names = "--output", description = "The output to take, where there are several.")
  @Nullable String output;

  @Option(names = "-o", description = "table or json.", defaultValue = "table")
  OutputFormat format = OutputFormat.TABLE;

  @Override
  public void run() {
    Packaged packaged = new Packager(new OrtGraphRunner()).pack(graph, options());
    packaged.write(out);
    packaged.notes().forEach(note -> spec.commandLine().getErr().println(note));
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("release", packaged.release().toString());
    properties.put("file", out.toString());
    properties.putAll(ModelInspectCommand.properties(packaged.release()));
    properties.put("verified", packaged.verification().toString());
    spec.commandLine().getOut().println(format.write(properties));
  }

  private PackagingOptions options() {
    if ((mean == null) != (std == null)) {
      throw new ParameterException(spec.commandLine(), "--mean and --std go together");
    }
    try {
      return new PackagingOptions(
          name == null ? String.valueOf(graph.getFileName()).replaceAll("\\.onnx$", "") : name,
          version,
          mean == null || std == null
              ? Optional.empty()
              : Optional.of(new Normalisation(mean, std)),
          channels,
          layout,
          Optional.ofNullable(classes)
              .map(wanted ->
                  wanted.contains(".") || wanted.contains("/")
                      ? Palette.read(Path.of(wanted))
                      : Palette.known(wanted)),
          Optional.ofNullable(size).map(InputSize::parseSize),
          multiple,
          maxPixels,
          Optional.ofNullable(output));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}
