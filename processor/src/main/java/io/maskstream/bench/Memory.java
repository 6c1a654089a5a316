package io.maskstream.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The memory of this process as the operating system counts it, native libraries included.
final class Memory {

  private static final Path STATUS = Path.of("/proc/self/status");

  private Memory() {}

  /// Resident set size in MB (2^20 bytes); 0 where the system does not say.
  static long residentMegabytes() {
    try {
      return Files.readAllLines(STATUS).stream()
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }
}
