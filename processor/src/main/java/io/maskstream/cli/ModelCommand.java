package io.maskstream.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Releases as files: make, look at, verify, time.
@Command(
    name = "model",
    mixinStandardHelpOptions = true,
    description = "Makes releases of third-party graphs, and looks at them.",
    subcommands = {
      ModelPackageCommand.class,
      ModelInspectCommand.class,
      ModelVerifyCommand.class,
      ModelBenchCommand.class
    })
final class ModelCommand implements Runnable {

  @Spec CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "a command is missing: package, inspect, verify or bench");
  }
}
