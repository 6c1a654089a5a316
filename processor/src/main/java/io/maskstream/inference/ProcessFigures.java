package io.maskstream.inference;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// What this process has used so far.
final class ProcessFigures {

  private ProcessFigures() {}

  /// Of all its threads; zero where that cannot be told.
  static long cpuNanos() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getProcessCpuTime()
        : 0;
  }

  /// Linux only; zero elsewhere.
  static long residentBytes() {
    return status("VmRSS:");
  }

  /// The most that it ever had; Linux only, zero elsewhere.
  static long peakBytes() {
    return status("VmHWM:");
  }

  private static long status(String key) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      return lines
          .filter(line -> line.startsWith(key))
          .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D+", "")))
          .findFirst()
          .orElse(0);
    } catch (IOException e) {
      return 0;
    }
  }
}
