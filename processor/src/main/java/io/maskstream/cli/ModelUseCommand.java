package io.maskstream.cli;

import io.maskstream.release.ReleaseFile;
import io.maskstream.release.ReleaseSource;
import io.maskstream.topics.ModelAssigner;
import java.net.URI;
import java.nio.file.Path;
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
      description = "The release: a file that every processor can read, or its file: URI.")
  String release = "";

  @Option(names = "--sha256", description = "The digest that the release should have.")
  String sha256 = "";

  @Override
  public void run() {
    URI uri = uri(release);
    ReleaseFile file = ReleaseFile.read(ReleaseSource.files().fetch(uri, sha256));
    if (!sha256.isEmpty() && !file.release().sha256().equalsIgnoreCase(sha256)) {
      throw new IllegalStateException(
          uri + " has sha256=" + file.release().sha256() + ", expected " + sha256);
    }
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

  private static URI uri(String text) {
    return text.matches("[a-z][a-z0-9+.-]+:.*")
        ? URI.create(text)
        : Path.of(text).toAbsolutePath().normalize().toUri();
  }
}
