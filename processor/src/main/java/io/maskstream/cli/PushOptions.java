package io.maskstream.cli;

import io.maskstream.gate.Gate;
import io.maskstream.gate.GateLimits;
import io.maskstream.store.ReleaseStore;
import io.maskstream.store.ReleaseStore.Stored;
import io.maskstream.store.SigningKeys;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Puts a release into a store, for every command that has one.
public final class PushOptions {

  @Option(names = "--key", paramLabel = "FILE", description = "Key to sign with, of model keygen.")
  @Nullable Path key;

  @Mixin StoreArguments arguments = new StoreArguments();

  /// Puts it there, unless the gate refuses it.
  ///
  /// @param store a folder: `file:///PATH`, a path, or `s3://BUCKET/FOLDER`
  public Stored push(String store, Path file) {
    return push(store, file, GateLimits.STANDARD);
  }

  Stored push(String store, Path file, GateLimits limits) {
    try (ReleaseStore releases = new ReleaseStore(arguments.options(List.of(), true))) {
      return releases.push(
          ReleaseStore.address(store),
          file,
          new Gate(limits),
          Optional.ofNullable(key).map(SigningKeys::readSecret));
    }
  }
}
