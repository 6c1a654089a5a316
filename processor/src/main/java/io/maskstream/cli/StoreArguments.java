package io.maskstream.cli;

import io.maskstream.store.ReleaseStore;
import io.maskstream.store.SigningKeys;
import io.maskstream.store.StoreOptions;
import io.maskstream.store.Trust;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Options of every command that asks a store.
final class StoreArguments {

  @Option(
      names = "--s3-endpoint",
      paramLabel = "URI",
      description = "An S3 server other than Amazon's, such as http://localhost:9000.")
  @Nullable URI s3Endpoint;

  @Option(
      names = "--cache",
      paramLabel = "FOLDER",
      description = "Where what was fetched is kept (default: ~/.cache/maskstream).")
  Path cache = Path.of(System.getProperty("user.home"), ".cache", "maskstream");

  StoreOptions options(List<Path> accepted, boolean allowDowngrade) {
    StoreOptions options =
        StoreOptions.in(cache)
            .with(
                accepted.isEmpty()
                    ? Trust.UNSIGNED
                    : new Trust(
                        accepted.stream().map(SigningKeys::readOpen).toList(), allowDowngrade));
    return s3Endpoint == null ? options : options.withS3(s3Endpoint);
  }

  /// Makes a release readable as a file.
  Path fetched(URI uri, Optional<String> sha256, List<Path> accepted, boolean allowDowngrade) {
    try (ReleaseStore releases = new ReleaseStore(options(accepted, allowDowngrade))) {
      return releases.read(uri, sha256);
    }
  }
}
