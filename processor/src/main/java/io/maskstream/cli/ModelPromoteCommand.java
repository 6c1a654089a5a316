package io.maskstream.cli;

import io.maskstream.topics.ModelAssigner;
import io.maskstream.topics.ModelReader;
import io.maskstream.topics.ShadowSummary;
import io.maskstream.topics.ShadowTrial;
import io.maskstream.wire.ModelHistory.Shadow;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Puts the candidate in force that looks on.
@Command(
    name = "promote",
    mixinStandardHelpOptions = true,
    description = "Puts the candidate of model shadow in force, if it has done well.")
final class ModelPromoteCommand implements Runnable {

  @Mixin SwapOptions options = new SwapOptions();
  @Mixin TrialOptions asked = new TrialOptions();

  @Option(names = "--force", description = "Whatever it has shown.")
  boolean force;

  @Override
  public void run() {
    String scope = options.scope.scope();
    Shadow candidate;
    ShadowSummary summary;
    try (ModelReader reader = options.read()) {
      reader.catchUp();
      candidate = ShadowTrial.candidate(reader, scope);
      summary = ShadowSummary.of(reader.reports(scope, candidate));
    }
    if (!force) {
      asked.trial().require(candidate, summary);
    }
    try (ModelAssigner assigner = options.open()) {
      options.print(
          assigner.use(
              candidate.release(),
              candidate.uri(),
              candidate.frameSize(),
              options.wait,
              options.margin,
              options::progress));
    }
  }
}
