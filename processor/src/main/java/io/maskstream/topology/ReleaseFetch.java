package io.maskstream.topology;

import io.maskstream.release.InputSize;
import io.maskstream.release.ReleaseException;
import io.maskstream.release.ReleaseFile;
import io.maskstream.release.ReleaseSource;
import io.maskstream.wire.ModelHistory.Assignment;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/// Gets the release of an assignment, and makes sure that it is that very one. Thread-safe.
///
/// @param memoryBytes that loading it may take; 0 takes what is free
record ReleaseFetch(ReleaseSource source, long memoryBytes) {

  /// @throws ReleaseException if it cannot be had, or is another one
  ReleaseFile of(Assignment assignment) {
    Path file = source.fetch(uri(assignment), assignment.release().sha256());
    FreeMemory.require(bytes(file), memoryBytes);
    ReleaseFile release = ReleaseFile.read(file);
    if (!release.release().equals(assignment.release())) {
      throw new ReleaseException(
          "another release lies there: uri="
              + assignment.uri()
              + " found="
              + release
              + " sha256="
              + release.release().sha256()
              + ", assigned "
              + assignment.release()
              + " sha256="
              + assignment.release().sha256()
              + "; assign it again");
    }
    InputSize assigned = InputSize.of(assignment.frameSize());
    if (!release.inputSize().equals(assigned)) {
      throw new ReleaseException(
          "the release takes frames of "
              + release.inputSize()
              + ", the assignment says "
              + assigned
              + "; assign it again with `maskstream model use`");
    }
    return release;
  }

  private static URI uri(Assignment assignment) {
    try {
      return URI.create(assignment.uri());
    } catch (IllegalArgumentException e) {
      throw new ReleaseException("not a URI: " + assignment.uri(), e);
    }
  }

  private static long bytes(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new ReleaseException("cannot read the release " + file + ": " + e, e);
    }
  }
}
