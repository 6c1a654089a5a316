package io.maskstream.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// What comes out: read, painted, exported.
@Command(
    name = "mask",
    mixinStandardHelpOptions = true,
    description = "Shows and exports masks.",
    subcommands = {MaskTailCommand.class, MaskShowCommand.class, MaskExportCommand.class})
final class MaskCommand implements Runnable {

  @Spec CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing: tail, show or export");
  }
}
