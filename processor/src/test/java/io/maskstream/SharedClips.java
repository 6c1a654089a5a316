package io.maskstream;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/// The real material that lies beside the project; tests that want it are skipped where it is
/// absent.
public final class SharedClips {

  private SharedClips() {}

  /// A file or folder of the shared material.
  public static Path of(String path) {
    Path found = Path.of(System.getProperty("maskstream.shared", "../shared/data"), path);
    assumeTrue(Files.exists(found), "skipped: the shared material has no " + path);
    return found;
  }
}
