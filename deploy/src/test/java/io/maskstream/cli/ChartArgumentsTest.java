package io.maskstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.marcnuri.helm.Helm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The command lines of the pods, as the commands themselves read them.
class ChartArgumentsTest {

  @TempDir Path folder;

  @Test
  void everyPodsCommandLineIsUnderstood() throws Exception {
    Path root = Path.of(System.getProperty("maskstream.root"));
    Path cameras = Files.writeString(folder.resolve("cameras.txt"), "roof=rtsp://me:x@10.0.0.8/\n");
    String rendered =
        new Helm(root.resolve("deploy/helm/maskstream"))
            .template()
            .withKubeVersion("1.34.0")
            .withValuesFile(root.resolve("deploy/src/test/resources/values/strimzi.yaml"))
            .call();
    List<String> commands = new ArrayList<>();
    try (var documents =
        new YAMLMapper().readerFor(JsonNode.class).<JsonNode>readValues(rendered)) {
      while (documents.hasNext()) {
        JsonNode words = documents.next().at("/spec/template/spec/containers/0/args");
        if (!words.isMissingNode()) {
          List<String> line = new ArrayList<>();
          words.forEach(word ->
              line.add(word.asText().replace("/etc/maskstream/cameras/cameras.txt", cameras + "")));
          Main.commandLine().parseArgs(line.toArray(String[]::new));
          commands.add(line.getFirst());
        }
      }
    }
    assertThat(commands).containsExactlyInAnyOrder("run", "camera", "camera", "view");
  }
}
