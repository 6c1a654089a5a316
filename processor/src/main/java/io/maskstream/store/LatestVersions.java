package io.maskstream.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.UUID;

/// The latest version of each name that was taken on this machine, one file for each, so that an
/// old signed release cannot be played back after a restart. Thread-safe.
final class LatestVersions {

  private final Path folder;

  LatestVersions(Path folder) {
    this.folder = folder;
  }

  synchronized Optional<String> of(String name) {
    try {
      return Optional.of(Files.readString(folder.resolve(name)).strip());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the latest version of " + name + ": " + e, e);
    }
  }

  synchronized void raise(Manifest manifest) {
    Optional<String> seen = of(manifest.name());
    if (seen.isPresent() && Versions.ORDER.compare(manifest.version(), seen.get()) <= 0) {
      return;
    }
    try {
      Files.createDirectories(folder);
      Path part = folder.resolve("." + UUID.randomUUID() + ".part");
      Files.writeString(part, manifest.version());
      Files.move(
          part,
          folder.resolve(manifest.name()),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot note the latest version of " + manifest.name() + ": " + e, e);
    }
  }
}
