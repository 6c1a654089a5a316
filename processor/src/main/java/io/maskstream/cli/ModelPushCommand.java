package io.maskstream.cli;

import io.maskstream.gate.GateLimits;
import io.maskstream.store.ReleaseStore.Stored;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Puts a release into a store.
@Command(
    name = "push",
    mixinStandardHelpOptions = true,
    description = "Puts a release into a store, with a manifest, and signs it if a key is given.")
final class ModelPushCommand implements Runnable {

  @Spec CommandSpec spec;

  @Parameters(paramLabel = "RELEASE", description = "The .onnx file of a release.")
  Path file;

  @Option(
      names = "--store",
      paramLabel = "URI",
      required = true,
      description = "A folder: file:///PATH, a path, or s3://BUCKET/FOLDER.")
  String store = "";

  @Option(names = "--allow-control-flow", description = "Let If, Loop and Scan pass.")
  boolean controlFlow;

  @Option(
      names = "--allow-coarser-maps",
      description = "Let class maps pass that are smaller than the frame.")
  boolean coarserMaps;

  @Mixin PushOptions push = new PushOptions();

  @Option(names = "-o", description = "table or json.", defaultValue = "table")
  OutputFormat format = OutputFormat.TABLE;

  @Override
  public void run() {
    GateLimits limits =
        GateLimits.STANDARD.withControlFlow(controlFlow).withCoarserMaps(coarserMaps);
    spec.commandLine().getOut().println(format.write(properties(push.push(store, file, limits))));
  }

  static Map<String, Object> properties(Stored stored) {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("name", stored.manifest().name());
    properties.put("version", stored.manifest().version());
    properties.put("uri", stored.uri().toString());
    properties.put("sha256", stored.manifest().sha256());
    properties.put("bytes", stored.manifest().bytes());
    properties.put("created", stored.manifest().created().toString());
    properties.put("signed", stored.signed());
    return properties;
  }
}
