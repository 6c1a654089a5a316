package io.maskstream.cli;

import io.maskstream.inference.BareRun;
import io.maskstream.inference.InferenceSettings;
import io.maskstream.inference.Provider;
import io.maskstream.release.InputSize;
import io.maskstream.release.ReleaseFile;
import io.maskstream.video.Size;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Times a release in ONNX Runtime alone.
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Times a release in ONNX Runtime alone: no video, no Kafka.")
final class ModelBenchCommand implements Runnable {

  @Spec CommandSpec spec;

  @Parameters(paramLabel = "RELEASE", description = "The .onnx file of a release.")
  Path file;

  @Option(names = "--batch", description = "Frames in a run (default: ${DEFAULT-VALUE}).")
  int batch = 1;

  @Option(
      names = "--size",
      paramLabel = "WIDTHxHEIGHT",
      defaultValue = "640x480",
      description = "Picture size, brought to what the release takes (default: ${DEFAULT-VALUE}).")
  String size = "640x480";

  @Option(names = "--threads", description = "Threads of a run; 0 is one per core.")
  int threads;

  @Option(
      names = "--provider",
      defaultValue = "auto",
      description = "auto, cpu or cuda (default: ${DEFAULT-VALUE}).")
  String provider = "auto";

  @Option(names = "--for", paramLabel = "SECONDS", description = "How long to measure.")
  int seconds = 5;

  @Option(names = "-o", description = "table or json.", defaultValue = "table")
  OutputFormat format = OutputFormat.TABLE;

  @Override
  public void run() {
    ReleaseFile release = ReleaseFile.read(file);
    BareRun run;
    try {
      InferenceSettings standard = InferenceSettings.standard();
      InferenceSettings settings =
          new InferenceSettings(
              Provider.of(provider),
              threads,
              standard.spinning(),
              1,
              batch,
              standard.batchWait(),
              standard.deadline());
      Size frame = release.inputSize().grid().fit(InputSize.parseSize(size));
      run = BareRun.measure(release, settings, frame, batch, Duration.ofSeconds(seconds));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("release", release.toString());
    properties.put("provider", run.provider().toString());
    properties.put("size", run.size().toString());
    properties.put("batch", run.batch());
    properties.put("runs", run.runs());
    properties.put("median_ms", run.median().toNanos() / 1e6);
    properties.put("bare_fps", run.framesPerSecond());
    spec.commandLine().getOut().println(format.write(properties));
  }
}
