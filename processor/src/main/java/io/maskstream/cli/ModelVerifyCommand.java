package io.maskstream.cli;

import io.maskstream.inference.InferenceObserver;
import io.maskstream.inference.InferenceSettings;
import io.maskstream.inference.OnnxSegmenter;
import io.maskstream.inference.Provider;
import io.maskstream.release.ReleaseFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Loads a release as the processor would, and runs it once.
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = "Loads a release as the processor would, and runs it once for every batch size.")
final class ModelVerifyCommand implements Runnable {

  @Spec CommandSpec spec;

  @Parameters(paramLabel = "RELEASE", description = "The .onnx file of a release.")
  Path file;

  @Option(
      names = "--provider",
      defaultValue = "auto",
      description = "auto, cpu or cuda (default: ${DEFAULT-VALUE}).")
  String provider = "auto";

  @Option(names = "--sha256", description = "The digest that the file should have.")
  String sha256 = "";

  @Option(names = "-o", description = "table or json.", defaultValue = "table")
  OutputFormat format = OutputFormat.TABLE;

  @Override
  public void run() {
    ReleaseFile release = ReleaseFile.read(file);
    if (!sha256.isEmpty() && !release.release().sha256().equalsIgnoreCase(sha256)) {
      throw new IllegalStateException(
          file
              + " has sha256="
              + release.release().sha256()
              + ", expected "
              + sha256
              + "; fetch it again");
    }
    InferenceSettings settings;
    try {
      settings = InferenceSettings.standard().withProvider(Provider.of(provider));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
    try (OnnxSegmenter segmenter = OnnxSegmenter.open(release, settings, InferenceObserver.NONE)) {
      Map<String, Object> properties = new LinkedHashMap<>(ModelInspectCommand.properties(release));
      properties.put("runs", true);
      properties.put("provider", segmenter.provider().toString());
      properties.put("batch_max", segmenter.batchMax());
      spec.commandLine().getOut().println(format.write(properties));
    }
  }
}
