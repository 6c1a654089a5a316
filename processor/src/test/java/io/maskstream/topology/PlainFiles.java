package io.maskstream.topology;

import io.maskstream.release.ReleaseException;
import io.maskstream.release.ReleaseSource;
import java.nio.file.Files;
import java.nio.file.Path;

/// Releases as they lie on the disk, neither checked nor proven: for tests of what comes after.
final class PlainFiles {

  private PlainFiles() {}

  static ReleaseSource source() {
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
