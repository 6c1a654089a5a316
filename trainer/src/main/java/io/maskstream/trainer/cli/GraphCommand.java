package io.maskstream.trainer.cli;

import io.maskstream.release.Palette;
import io.maskstream.trainer.net.BenchNet;
import io.maskstream.trainer.net.ResNet18Fcn;
import io.maskstream.trainer.net.SceneNet;
import io.maskstream.trainer.net.Vgg16;
import java.nio.file.Path;
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
      "  maskstream train graph --net scene --out scene.onnx",
      "  maskstream train graph --init mobilenet_v2.onnx --stride 8 --classes camvid --out fcn8s.onnx"
    })
final class GraphCommand implements Runnable {

  @Spec CommandSpec spec;
  @Mixin InitOptions init = new InitOptions();

  /// Networks with a builder.
  enum Net {
    SCENE,
    BENCH,
    RESNET18,
    VGG16
  }

  @Option(
      names = "--net",
      description = {
        "With random weights, to be trained or timed: scene (the demo's), resnet18 (FCN R18-D8) or "
            + "vgg16 (FCN-32s, 16s or 8s of VGG16, by --stride); bench is the bench's release."
      })
  @Nullable Net net;

  @Option(
      names = "--classes",
      defaultValue = "scene",
      description = "A known palette, or a file with one class a line (default: ${DEFAULT-VALUE}).")
  String classes = "scene";

  @Option(names = "--out", required = true, paramLabel = "FILE", description = "Where to.")
  Path out = Path.of("");

  @Override
  public void run() {
    if ((net == null) == (init.init == null)) {
      throw new ParameterException(spec.commandLine(), "give either --net or --init");
    }
    Palette palette = InitOptions.palette(classes);
    if (net == null) {
      StartingGraph start = StartingGraph.of(init, palette, 0);
      start.notes().forEach(note -> spec.commandLine().getErr().println(note));
      start.model().write(out);
    } else {
      switch (net) {
        case SCENE -> SceneNet.build(palette.size()).write(out);
        case BENCH -> BenchNet.build(palette).write(out);
        case RESNET18 -> ResNet18Fcn.build(palette.size()).write(out);
        case VGG16 -> Vgg16.fcn(palette.size(), init.stride).write(out);
      }
    }
    spec.commandLine().getErr().println("wrote " + out);
  }
}
