package io.maskstream.release;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/// Where releases come from. Thread-safe.
@FunctionalInterface
public interface ReleaseSource extends AutoCloseable {

  /// Makes a release readable as a file.
  ///
  /// @param sha256 that the file must have, in lower-case hexadecimal
  /// @throws ReleaseException if it cannot be had, or is not fit to be served, saying why
  Path fetch(URI uri, String sha256);

  /// Gives up what it holds; nothing, if nothing is said.
  @Override
  default void close() {}

  /// Releases on disks that every processor sees; whoever reads the file compares its digest.
  static ReleaseSource files() {
    return (uri, sha256) -> {
      if (!"file".equals(uri.getScheme())) {
        throw new ReleaseException("a release wants a file: URI here: uri=" + uri);
      }
      Path file;
      try {
        file = Path.of(uri);
      } catch (IllegalArgumentException e) {
        throw new ReleaseException("not the URI of a file: uri=" + uri + ": " + e.getMessage(), e);
      }
      if (!Files.isRegularFile(file)) {
        throw new ReleaseException("there is no such release: uri=" + uri);
      }
      return file;
    };
  }
}
