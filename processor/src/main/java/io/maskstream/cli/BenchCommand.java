package io.maskstream.cli;

import io.maskstream.bench.Bench;
import io.maskstream.release.ReleaseFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// End-to-end speed beside the network's own.
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = {
      "Measures frames a second end to end, through a Kafka of its own, beside ONNX Runtime alone.",
      "The last line on stdout is JSON: end_to_end_fps, bare_fps, ratio, latency_ms by stage."
    })
final class BenchCommand implements Callable<Integer> {

  @Spec CommandSpec spec;

  @Option(
      names = "--cameras",
      defaultValue = "8",
      description = "Cameras at once (default: ${DEFAULT-VALUE}).")
  int cameras;

  @Option(
      names = "--frames",
      defaultValue = "600",
      description = "Frames of each camera (default: ${DEFAULT-VALUE}).")
  int frames;

  @Option(
      names = "--model",
      paramLabel = "FILE",
      description = "A release (default: a network that ships with the product).")
  @Nullable Path model;

  @Option(
      names = "--video",
      paramLabel = "FILE",
      description = "What the cameras show (default: a generated scene, 480x360).")
  @Nullable Path video;

  @Option(
      names = "-X",
      paramLabel = "KEY=VALUE",
      description = "Sets a key of the processor's configuration.")
  Map<String, String> options = new LinkedHashMap<>();

  @Override
  public Integer call() {
    PrintWriter err = spec.commandLine().getErr();
    ReleaseFile release = model == null ? Bench.shippedRelease() : ReleaseFile.read(model);
    Bench.Outcome outcome =
        Bench.run(
            new Bench.Settings(cameras, frames, release, Optional.ofNullable(video), options),
            line -> {
              err.println(line);
              err.flush();
            });
    PrintWriter out = spec.commandLine().getOut();
    out.println(outcome.stages().table());
    out.printf(
        Locale.ROOT,
        " end to end %.1f frames/s, network alone %.1f frames/s, ratio %.3f%n",
        outcome.endToEndFps(),
        outcome.bareFps(),
        outcome.ratio());
    out.println(outcome.json());
    return 0;
  }
}
