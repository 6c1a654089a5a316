package io.maskstream.trainer.cli;

import io.maskstream.cli.CommandModule;
import io.maskstream.release.Palette;
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
      description = "Writes the demo's network, whose classes are the colours of a palette.")
  void graph(
      @Option(
              names = "--classes",
              defaultValue = "scene",
              description = "A known palette (default: ${DEFAULT-VALUE}).")
          String classes,
      @Option(names = "--out", required = true, paramLabel = "FILE", description = "Where to.")
          Path out) {
    SceneNet.build(Palette.known(classes)).write(out);
    spec.commandLine().getErr().println("wrote " + out);
  }
}
