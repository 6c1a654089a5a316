package io.maskstream.release;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/// The real graphs, which are no part of the project.
public final class SharedModels {

  private SharedModels() {}

  /// A file beneath the shared folder; a test that asks for one is skipped where there is none.
  public static Path file(String name) {
    Path file = Path.of(System.getProperty("maskstream.shared", "shared")).resolve(name);
    assumeTrue(Files.exists(file), () -> "no real material at " + file + "; see shared/data");
    return file;
  }
}
