package io.maskstream.cli;

import io.maskstream.release.ReleaseFile;
import io.maskstream.store.ReleaseStore;
import io.maskstream.topics.ModelAssigner;
import io.maskstream.topics.ModelReader;
import io.maskstream.topics.ShadowSummary;
import io.maskstream.wire.ModelHistory.Shadow;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Has a candidate look on.
@Command(
    name = "shadow",
    mixinStandardHelpOptions = true,
    description = {
      "Runs a candidate beside the release in force, on a share of its frames, and compares.",
      "A candidate that fails, gives NaN or one class only, or is far slower is rejected, and ends",
      "(exit code 1). It makes no mask on the masks topic; its own are on the topic masks.shadow."
    })
final class ModelShadowCommand implements Runnable {

  @Mixin SwapOptions options = new SwapOptions();
  @Mixin TrialOptions asked = new TrialOptions();

  @Parameters(
      paramLabel = "URI",
      arity = "0..1",
      description = "The candidate, where every processor can read it; with --stop none is needed.")
  String release = "";

  @Option(names = "--sha256", description = "The digest that the candidate should have.")
  String sha256 = "";

  @Option(
      names = "--accept",
      paramLabel = "FILE",
      description = "Public key that may have signed; the processors have their own.")
  List<Path> accepted = new ArrayList<>();

  @Option(
      names = "--share",
      paramLabel = "PERCENT",
      description = "Of the frames, such as 5%% or 0.05 (default: 10%%).",
      converter = Share.class,
      defaultValue = "10%")
  double share = 0.1;

  @Option(
      names = "--for",
      paramLabel = "TIME",
      description = "How long to wait for --frames (default: 5m); 0s does not wait.",
      converter = Span.class,
      defaultValue = "5m")
  Duration longest = Duration.ofMinutes(5);

  @Option(names = "--promote", description = "Put it in force if it is well.")
  boolean promote;

  @Option(names = "--stop", description = "End the candidate that looks on.")
  boolean stop;

  @Mixin StoreArguments store = new StoreArguments();

  @Override
  public void run() {
    if (stop) {
      try (ModelAssigner assigner = options.open()) {
        assigner.endShadow();
      }
      return;
    }
    if (release.isEmpty()) {
      throw new picocli.CommandLine.ParameterException(
          options.spec.commandLine(), "name a candidate, or end the present one with --stop");
    }
    URI uri = ReleaseStore.address(release);
    Optional<String> digest = Optional.of(sha256).filter(given -> !given.isEmpty());
    ReleaseFile file = ReleaseFile.read(store.fetched(uri, digest, accepted, false));
    Shadow candidate;
    // Closed before the wait: a processor that rejects the candidate writes to the same scope.
    try (ModelAssigner assigner = options.open()) {
      candidate =
          assigner.shadow(file.release(), uri.toString(), file.inputSize().toFrameSize(), share);
    }
    if (longest.isZero()) {
      return;
    }
    String scope = options.scope.scope();
    ShadowSummary summary;
    try (ModelReader reader = options.read()) {
      reader.catchUp();
      summary = asked.trial().await(reader, scope, candidate, longest, options::progress);
    }
    options
        .spec
        .commandLine()
        .getOut()
        .println(options.format.write(TrialOptions.properties(scope, candidate, summary)));
    asked.trial().require(candidate, summary);
    if (promote) {
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
}
