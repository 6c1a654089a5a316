package io.maskstream.trainer.cli;

import io.maskstream.trainer.autograd.Placement;
import io.maskstream.trainer.autograd.TorchGraph;
import picocli.CommandLine.Option;

/// Where to compute.
final class DeviceOptions {

  @Option(
      names = "--device",
      defaultValue = "cpu",
      paramLabel = "DEVICE",
      description = "cpu, or cuda:0 and so on (default: ${DEFAULT-VALUE}).")
  String device = "cpu";

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of the CPU (default: all its cores).")
  int threads = Runtime.getRuntime().availableProcessors();

  Placement placement() {
    TorchGraph.useThreads(Math.max(1, threads));
    return Placement.of(device);
  }

  /// Threads that read and augment pictures.
  int workers() {
    return Math.max(1, threads / 2);
  }
}
