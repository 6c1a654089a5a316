package io.maskstream.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Releases: make, look at, verify, time, sign, store, put in force.
@Command(
    name = "model",
    mixinStandardHelpOptions = true,
    description = {
      "Makes releases of third-party graphs, looks at them, signs and stores them, and puts them "
          + "in force."
    },
    subcommands = {
      ModelPackageCommand.class,
      ModelInspectCommand.class,
      ModelVerifyCommand.class,
      ModelBenchCommand.class,
      ModelKeygenCommand.class,
      ModelPushCommand.class,
      ModelListCommand.class,
      ModelUseCommand.class,
      ModelRollbackCommand.class,
      ModelDiffCommand.class,
      ModelWithdrawCommand.class,
      ModelShadowCommand.class,
      ModelPromoteCommand.class,
      ModelStatusCommand.class
    })
final class ModelCommand implements Runnable {

  @Spec CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "a command is missing: package, inspect, verify, bench, keygen, push, list, use, rollback, "
            + "withdraw, shadow, promote, "
            + "diff or status");
  }
}
