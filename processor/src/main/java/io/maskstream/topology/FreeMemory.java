package io.maskstream.topology;

import io.maskstream.release.ReleaseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Whether a second session fits beside the one that serves: an allocation too many would end the
/// process, and every camera with it.
final class FreeMemory {

  /// Parameters as they are read, with the watch for NaN, as ONNX Runtime holds them, and as it
  /// lays them out for its kernels.
  private static final int COPIES = 4;

  /// Bytes for activations of small frames, threads and graph.
  private static final long ROOM = 64L << 20;

  private FreeMemory() {}

  /// @param allowed bytes; 0 takes what the host and its container have free
  /// @throws ReleaseException if the release would take more
  static void require(long fileBytes, long allowed) {
    long wanted = COPIES * fileBytes + ROOM;
    long free = allowed > 0 ? allowed : Math.min(ofHost(), ofContainer());
    if (wanted > free) {
      throw new ReleaseException(
          "there is no memory for a second session: wants about "
              + (wanted >> 20)
              + " MiB, allowed are "
              + (free >> 20)
              + " MiB; take a smaller release, more memory, or set model.memory.max.bytes");
    }
  }

  private static long ofHost() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
        if (line.startsWith("MemAvailable:")) {
          return Long.parseLong(line.replaceAll("\\D", "")) << 10;
        }
      }
    } catch (IOException | NumberFormatException e) {
      return Long.MAX_VALUE;
    }
    return Long.MAX_VALUE;
  }

  /// By the control group of the process (version 2), as a container sees it.
  private static long ofContainer() {
    Path group = Path.of("/sys/fs/cgroup");
    try {
      List<String> most = Files.readAllLines(group.resolve("memory.max"));
      List<String> now = Files.readAllLines(group.resolve("memory.current"));
      return Long.parseLong(most.getFirst()) - Long.parseLong(now.getFirst());
    } catch (IOException | NumberFormatException e) {
      return Long.MAX_VALUE;
    }
  }
}
