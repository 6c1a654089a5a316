package io.maskstream.cli;

import io.maskstream.config.ReferenceTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// What can be configured.
@Command(
    name = "config",
    mixinStandardHelpOptions = true,
    description = "Tells what can be configured.")
final class ConfigCommand implements Runnable {

  @Spec CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing: docs");
  }

  @Command(
      name = "docs",
      mixinStandardHelpOptions = true,
      description = "Writes the table of all keys, in Markdown.")
  void docs() {
    spec.commandLine().getOut().print(ReferenceTable.markdown());
    spec.commandLine().getOut().flush();
  }
}
