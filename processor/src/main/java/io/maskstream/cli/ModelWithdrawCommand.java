package io.maskstream.cli;

import io.maskstream.topics.ModelAssigner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Takes the release of a scope away.
@Command(
    name = "withdraw",
    mixinStandardHelpOptions = true,
    description = {
      "Takes the release of a camera, a group or all away: what is assigned more widely holds then,",
      "or the release of the configuration."
    })
final class ModelWithdrawCommand implements Runnable {

  @Mixin SwapOptions options = new SwapOptions();

  @Override
  public void run() {
    try (ModelAssigner assigner = options.open()) {
      options.print(assigner.withdraw(options.margin, ""));
    }
  }
}
