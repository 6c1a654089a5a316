package io.maskstream.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The trainer's next data set, from the cameras.
@Command(
    name = "label-candidates",
    mixinStandardHelpOptions = true,
    description = "Collects frames whose masks are doubtful, and exports them to be labelled.",
    subcommands = {LabelCandidatesCollectCommand.class, LabelCandidatesExportCommand.class})
final class LabelCandidatesCommand implements Runnable {

  @Spec CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing: collect or export");
  }
}
