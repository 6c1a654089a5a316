package io.maskstream.cli;

import io.maskstream.release.ReleaseFile;
import io.maskstream.store.ReleaseStore;
import io.maskstream.topics.ModelAssigner;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Puts a release in force while the cameras run.
@Command(
    name = "use",
    mixinStandardHelpOptions = true,
    description = {
      "Has every processor load a release, then switches to it between two frames.",
      "A release that one processor refuses serves nowhere (exit code 1)."
    })
final class ModelUseCommand implements Runnable {

  @Mixin SwapOptions options = new SwapOptions();

  @Parameters(
      paramLabel = "URI",
      description =
          "The release, where every processor can read it: a path, or a file:, https: or s3: URI.")
  String release = "";

  @Option(names = "--sha256", description = "The digest that the release should have.")
  String sha256 = "";

  @Option(
      names = "--accept",
      paramLabel = "FILE",
      description = "Public key that may have signed; the processors have their own.")
  List<Path> accepted = new ArrayList<>();

  @Mixin StoreArguments store = new StoreArguments();

  @Override
  public void run() {
    URI uri = ReleaseStore.address(release);
    Optional<String> digest = Optional.of(sha256).filter(given -> !given.isEmpty());
    ReleaseFile file = ReleaseFile.read(store.fetched(uri, digest, accepted, false));
    try (ModelAssigner assigner = options.open()) {
      options.print(
          assigner.use(
              file.release(),
              uri.toString(),
              file.inputSize().toFrameSize(),
              options.wait,
              options.margin,
              options::progress));
    }
  }
}
