package io.maskstream.release;

import java.net.URI;
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
}
