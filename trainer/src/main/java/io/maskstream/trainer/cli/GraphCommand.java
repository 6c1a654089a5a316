package io.maskstream.trainer.cli;

import io.maskstream.onnx.OnnxModel;
import io.maskstream.release.InputSize;
import io.maskstream.release.Palette;
import io.maskstream.trainer.net.BenchNet;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Writes a graph without training it.
@Command(
    name = "graph",
    mixinStandardHelpOptions = true,
    description = {
      "Writes the graph that a fit would begin with, without training it.",
      "--net bench is the bench's release."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  maskstream train graph --list",
      "  maskstream train graph --net fcn8s-vgg16 --classes voc --out fcn8s.onnx",
      "  maskstream train graph --init mobilenet_v2.onnx --stride 8 --classes camvid --out"
          + " fcn8s.onnx"
    })
final class GraphCommand implements Runnable {

  @Spec CommandSpec spec;
  @Mixin InitOptions init = new InitOptions();

  @Option(names = "--list", description = "Names the networks that have a builder.")
  boolean list;

  @Option(
      names = "--table",
      description = "Their parameters and multiplications (MACs) for one picture.")
  boolean table;

  @Option(
      names = "--size",
      paramLabel = "WIDTHxHEIGHT",
      description = "Of the picture of --table, where it is not to be the published one.")
  @Nullable String size;

  @Option(
      names = "--classes",
      defaultValue = "scene",
      description = "A known palette, or a file with one class a line (default: ${DEFAULT-VALUE}).")
  String classes = "scene";

  @Option(names = "--out", paramLabel = "FILE", description = "Where to.")
  @Nullable Path out;

  @Override
  public void run() {
    if (list) {
      NetworkTable.list(spec.commandLine().getOut());
    }
    if (table) {
      NetworkTable.costs(
          spec.commandLine().getOut(), Optional.ofNullable(size).map(InputSize::parseSize));
    }
    if (list || table) {
      return;
    }
    Path file = out;
    if (file == null) {
      throw new ParameterException(spec.commandLine(), "--out FILE is missing: where to write to");
    }
    if (init.net == null && init.init == null) {
      throw new ParameterException(spec.commandLine(), "give --net or --init");
    }
    Palette palette = InitOptions.palette(classes);
    graph(palette).write(file);
    spec.commandLine().getErr().println("wrote " + file);
  }

  private OnnxModel graph(Palette palette) {
    if ("bench".equals(init.net)) {
      return BenchNet.build(palette);
    }
    StartingGraph start = StartingGraph.of(init, palette, 0);
    start.notes().forEach(note -> spec.commandLine().getErr().println(note));
    return start.model();
  }
}
