package io.maskstream.cli;

import io.maskstream.topics.ModelAssigner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Goes back to the release before.
@Command(
    name = "rollback",
    mixinStandardHelpOptions = true,
    description = {
      "Puts the release before in force again, as a new assignment.",
      "What has been answered stays as it is; a second rollback undoes the first.",
      "Where nothing was assigned before, what a wider scope assigns holds again, or the release",
      "of the configuration."
    })
final class ModelRollbackCommand implements Runnable {

  @Mixin SwapOptions options = new SwapOptions();

  @Override
  public void run() {
    try (ModelAssigner assigner = options.open()) {
      options.print(assigner.rollback(options.wait, options.margin, "", options::progress));
    }
  }
}
