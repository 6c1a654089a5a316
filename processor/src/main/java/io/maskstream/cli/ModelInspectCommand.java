package io.maskstream.cli;

import io.maskstream.release.ReleaseFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Says what a release is.
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    description = "Says what a release takes, gives and was made of.")
final class ModelInspectCommand implements Runnable {

  @Spec CommandSpec spec;

  @Parameters(paramLabel = "RELEASE", description = "The .onnx file of a release.")
  Path file;

  @Option(names = "-o", description = "table or json.", defaultValue = "table")
  OutputFormat format = OutputFormat.TABLE;

  @Override
  public void run() {
    spec.commandLine().getOut().println(format.write(properties(ReleaseFile.read(file))));
  }

  static Map<String, Object> properties(ReleaseFile release) {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("name", release.release().name());
    properties.put("version", release.release().version());
    properties.put("sha256", release.release().sha256());
    properties.put("size", release.inputSize().toString());
    properties.put("batch", release.freeBatch() ? "free" : "1");
    properties.put("confidence", release.hasConfidence());
    properties.put("classes", release.palette().names());
    release.source().ifPresent(source -> properties.put("source", source));
    release.preprocessing().ifPresent(said -> properties.put("preprocessing", said));
    return properties;
  }
}
