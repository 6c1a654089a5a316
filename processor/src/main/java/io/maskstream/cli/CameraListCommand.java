package io.maskstream.cli;

import io.maskstream.camera.CameraDirectory;
import io.maskstream.wire.CameraStatus;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Prints what publishers say of their cameras.
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "Lists cameras, as their publishers last described them.")
final class CameraListCommand implements Runnable {

  private static final String ROW = "%-20s %-8s %-48s %-27s %s";

  @Spec CommandSpec spec;
  @Mixin KafkaOptions kafka = new KafkaOptions();
  @Mixin TopicOptions topics = new TopicOptions();

  @Option(names = "-o", description = "table or json.", defaultValue = "table")
  OutputFormat format = OutputFormat.TABLE;

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    List<CameraStatus> cameras =
        CameraDirectory.read(kafka.clientProperties(), topics.prefix + ".cameras");
    switch (format) {
      case TABLE -> {
        out.println(row("CAMERA", "STATE", "VIDEO", "SINCE", "DETAIL"));
        cameras.forEach(camera ->
            out.println(
                row(
                    camera.cameraId(),
                    state(camera),
                    camera.description(),
                    camera.changedAt().toString(),
                    camera.detail())));
      }
      case JSON -> cameras.forEach(camera -> out.println(format.write(properties(camera))));
    }
  }

  private static String row(String... cells) {
    return String.format(Locale.ROOT, ROW, (Object[]) cells).stripTrailing();
  }

  private static String state(CameraStatus camera) {
    return camera.state().name().toLowerCase(Locale.ROOT);
  }

  private static Map<String, Object> properties(CameraStatus camera) {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("camera_id", camera.cameraId());
    properties.put("state", state(camera));
    properties.put("description", camera.description());
    properties.put("session_id", camera.sessionId());
    properties.put("changed_at", camera.changedAt().toString());
    properties.put("detail", camera.detail());
    return properties;
  }
}
