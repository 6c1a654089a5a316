package io.maskstream.cli;

import io.maskstream.store.SigningKeys;
import io.maskstream.store.StoreOptions;
import io.maskstream.store.Trust;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
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

  /// A path is a `file:` address too.
  static URI uri(String place) {
    return place.matches("[A-Za-z][A-Za-z0-9+]+:.*")
        ? URI.create(place)
        : Path.of(place).toAbsolutePath().normalize().toUri();
  }
}
