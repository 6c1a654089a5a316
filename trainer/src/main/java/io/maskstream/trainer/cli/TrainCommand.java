package io.maskstream.trainer.cli;

import io.maskstream.cli.CommandModule;
import io.maskstream.release.Palette;
import io.maskstream.trainer.net.BenchNet;
import io.maskstream.trainer.net.SceneNet;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Builds networks.
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    description = "Builds networks as releases.")
public final class TrainCommand implements CommandModule, Runnable {

  @Spec CommandSpec spec;

  /// Networks with a builder.
  enum Net {
    SCENE,
    BENCH
  }

  @Override
  public String name() {
    return "train";
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing: graph");
  }

  @Command(
      name = "graph",
      mixinStandardHelpOptions = true,
      description = "Writes a network that ships with the processor.")
  void graph(
      @Option(
              names = "--net",
              defaultValue = "scene",
              description = "scene (the demo's) or bench (default: ${DEFAULT-VALUE}).")
          Net net,
      @Option(
              names = "--classes",
              defaultValue = "scene",
              description = "A known palette (default: ${DEFAULT-VALUE}).")
          String classes,
      @Option(names = "--out", required = true, paramLabel = "FILE", description = "Where to.")
          Path out) {
    Palette palette = Palette.known(classes);
    switch (net) {
      case SCENE -> SceneNet.build(palette).write(out);
      case BENCH -> BenchNet.build(palette).write(out);
    }
    spec.commandLine().getErr().println("wrote " + out);
  }
}
