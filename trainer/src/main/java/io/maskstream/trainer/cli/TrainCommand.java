package io.maskstream.trainer.cli;

import io.maskstream.cli.CommandModule;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Makes networks and trains them.
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    description = {
      "Makes a segmentation net of any ONNX classifier or segmentation graph, trains it on labelled "
          + "pictures, and gives a release that the processor loads."
    },
    footerHeading = "%nExample:%n",
    footer = {
      "  maskstream train data --data camvid",
      "  maskstream train fit --init mobilenet_v2.onnx --data camvid --out runs/camvid",
      "  maskstream train eval runs/camvid/best.onnx --data camvid --sheet sheet.png",
      "  maskstream train release runs/camvid/best.onnx --data camvid --out fcn8s.onnx"
    },
    subcommands = {
      DataCommand.class,
      GraphCommand.class,
      RecipeCommand.class,
      FitCommand.class,
      EvalCommand.class,
      ReleaseCommand.class,
      TrainBenchCommand.class
    })
public final class TrainCommand implements CommandModule, Runnable {

  @Spec CommandSpec spec;

  @Override
  public String name() {
    return "train";
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "a command is missing: data, graph, recipe, fit, eval, release or bench");
  }
}
