package io.maskstream.trainer.cli;

import io.maskstream.release.InputSize;
import io.maskstream.release.Palette;
import io.maskstream.trainer.autograd.Precision;
import io.maskstream.trainer.autograd.TorchGraph;
import io.maskstream.trainer.solver.StepBench;
import io.maskstream.video.Size;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Measures training steps.
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measures how long a training step takes, on noise.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  maskstream train bench --init mobilenet_v2.onnx --batch 4",
      "  maskstream train bench --init squeezenet.onnx --normalisation caffe --precision fp32,bf16"
    })
final class TrainBenchCommand implements Runnable {

  @Spec CommandSpec spec;
  @Mixin InitOptions init = new InitOptions();
  @Mixin DeviceOptions device = new DeviceOptions();

  @Option(names = "--batch", defaultValue = "4", description = "(default: ${DEFAULT-VALUE})")
  int batch = 4;

  @Option(
      names = "--size",
      defaultValue = "480x360",
      paramLabel = "WIDTHxHEIGHT",
      description = "Of the pictures (default: ${DEFAULT-VALUE}).")
  String size = "480x360";

  @Option(names = "--classes", defaultValue = "21", description = "(default: ${DEFAULT-VALUE})")
  int classes = 21;

  @Option(names = "--steps", defaultValue = "10", description = "(default: ${DEFAULT-VALUE})")
  int steps = 10;

  @Option(
      names = "--precision",
      split = ",",
      defaultValue = "fp32",
      description = "fp32, bf16, or fp16 on CUDA; several for a comparison.")
  List<Precision> precisions = List.of(Precision.FP32);

  @Override
  public void run() {
    Size picture = InputSize.parseSize(size);
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%-9s  %9s  %9s  %9s%n", "PRECISION", "BEST S", "MEDIAN S", "PICTURES/S");
    for (Precision precision : precisions) {
      try (TorchGraph graph = load()) {
        System.gc(); // gives back the heap of the file's numbers, which are in tensors now
        StepBench measured =
            StepBench.measure(
                graph, precision, batch, picture.width(), picture.height(), classes, steps);
        out.printf(
            Locale.ROOT,
            "%-9s  %9.3f  %9.3f  %9.1f%n",
            precision.name().toLowerCase(Locale.ROOT),
            measured.best(),
            measured.median(),
            batch / measured.median());
        out.flush();
      }
    }
    out.println("peak memory " + peakMemory());
  }

  private TorchGraph load() {
    StartingGraph start = StartingGraph.of(init, Palette.numbered(classes), 0);
    return TorchGraph.load(start.model(), device.placement());
  }

  private static String peakMemory() {
    try {
      return Files.readAllLines(Path.of("/proc/self/status")).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .map(line -> line.substring(6).strip())
          .findFirst()
          .orElse("not known");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
