package io.maskstream.trainer.cli;

import io.maskstream.camera.Scene.Look;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.release.InputSize;
import io.maskstream.release.Palette;
import io.maskstream.trainer.data.PictureFile;
import io.maskstream.trainer.data.Scenes;
import io.maskstream.trainer.net.BenchNet;
import io.maskstream.trainer.net.Networks;
import io.maskstream.video.Size;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
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
      "  maskstream train graph --verify --net fcn8s-googlenet --picture street.jpg --size 320x240",
      "  maskstream train graph --net fcn8s-vgg16 --classes voc --out fcn8s.onnx",
      "  maskstream train graph --init mobilenet_v2.onnx --stride 8 --classes camvid --out"
          + " fcn8s.onnx"
    })
final class GraphCommand implements Callable<Integer> {

  @Spec CommandSpec spec;
  @Mixin InitOptions init = new InitOptions();
  @Mixin DeviceOptions device = new DeviceOptions();

  @Option(names = "--list", description = "Names the networks that have a builder.")
  boolean list;

  @Option(
      names = "--table",
      description = "Their parameters and multiplications (MACs) for one picture.")
  boolean table;

  @Option(
      names = "--verify",
      description = {
        "Runs --net, or all of them one by one, in libtorch and in ONNX Runtime on one picture, "
            + "with random weights, and compares scores and classes; exit code 1 if they differ."
      })
  boolean verify;

  @Option(
      names = "--picture",
      paramLabel = "FILE",
      description = "Of --verify (default: a generated street).")
  @Nullable Path picture;

  @Option(
      names = "--size",
      paramLabel = "WIDTHxHEIGHT",
      description =
          "Of the picture: of --table, the published one if left out; of --verify, 320x240.")
  @Nullable String size;

  @Option(
      names = "--classes",
      defaultValue = "scene",
      description = "A known palette, or a file with one class a line (default: ${DEFAULT-VALUE}).")
  String classes = "scene";

  @Option(names = "--out", paramLabel = "FILE", description = "Where to.")
  @Nullable Path out;

  @Override
  public Integer call() {
    if (list) {
      NetworkTable.list(spec.commandLine().getOut());
    }
    if (table) {
      NetworkTable.costs(
          spec.commandLine().getOut(), Optional.ofNullable(size).map(InputSize::parseSize));
    }
    if (verify) {
      device.placement();
      return verified() ? 0 : 1;
    }
    if (list || table) {
      return 0;
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
    return 0;
  }

  private boolean verified() {
    Size wanted = InputSize.parseSize(size == null ? "320x240" : size);
    ParityTable parity =
        new ParityTable(
            spec.commandLine().getOut(),
            picture == null
                ? Scenes.of(1, 1, wanted.width(), wanted.height(), Look.VARIED).read(0).picture()
                : ParityTable.scaled(PictureFile.read(picture), wanted));
    return parity.print(init.net == null ? Networks.all() : List.of(Networks.named(init.net)));
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
