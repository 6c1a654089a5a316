package io.maskstream.trainer.cli;

import io.maskstream.onnx.OnnxModel;
import io.maskstream.release.InputSize;
import io.maskstream.release.Palette;
import io.maskstream.trainer.net.BenchNet;
import io.maskstream.trainer.net.Corners;
import io.maskstream.trainer.net.Networks;
import io.maskstream.trainer.net.Wish;
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
      "Writes a graph without training it: one that has a builder (--net), or what a fit "
          + "would begin with (--init)."
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

  @Option(
      names = "--net",
      paramLabel = "NAME",
      description = {
        "A network of --list, with random weights, or its trunk with those of the classifier"
            + " --init: Caffe's for the FCN papers' networks, torchvision's for the others. bench"
            + " is the bench's release."
      })
  @Nullable String net;

  @Option(
      names = "--align-corners",
      description = "Of --net: resizes as networks for 769x769 do, corner pixel on corner pixel.")
  boolean alignCorners;

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
    if (net == null && init.init == null) {
      throw new ParameterException(spec.commandLine(), "give --net or --init");
    }
    Palette palette = InitOptions.palette(classes);
    graph(palette).write(file);
    spec.commandLine().getErr().println("wrote " + file);
  }

  private OnnxModel graph(Palette palette) {
    if (net == null) {
      StartingGraph start = StartingGraph.of(init, palette, 0);
      start.notes().forEach(note -> spec.commandLine().getErr().println(note));
      return start.model();
    }
    if (init.normalisation != null || init.randomInit) {
      throw new ParameterException(
          spec.commandLine(),
          "--net knows how it wants its pictures; leave --normalisation and --random-init out");
    }
    if (net.equals("bench")) {
      return BenchNet.build(palette);
    }
    Wish wish = Wish.of(palette.size());
    wish = alignCorners ? wish.with(Corners.ON_PIXELS) : wish;
    wish = init.init == null ? wish : wish.from(OnnxModel.read(init.init));
    return Networks.named(net).build(wish);
  }
}
