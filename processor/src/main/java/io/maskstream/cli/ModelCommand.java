package io.maskstream.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Releases: make, look at, verify, time, sign and store.
@Command(
    name = "model",
    mixinStandardHelpOptions = true,
    description = "Makes releases of third-party graphs, looks at them, signs and stores them.",
    subcommands = {
      ModelPackageCommand.class,
      ModelInspectCommand.class,
      ModelVerifyCommand.class,
      ModelBenchCommand.class,
      ModelKeygenCommand.class,
      ModelPushCommand.class,
      ModelListCommand.class
    })
final class ModelCommand implements Runnable {

  @Spec CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "a command is missing: package, inspect, verify, bench, keygen, push or list");
  }
}
