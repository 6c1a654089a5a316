package io.maskstream.topics;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.topology.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class AsyncApiTest {

  private static final Path COMMITTED =
      Path.of(System.getProperty("maskstream.root"), "proto", "asyncapi.yaml");

  @Test
  void theDocumentIsWhatTheDefaultsSay() throws Exception {
    assertThat(Files.readString(COMMITTED))
        .as("write it anew with: ./maskstream topics asyncapi > proto/asyncapi.yaml")
        .isEqualTo(AsyncApi.yaml(TopicTable.standard(TopicTable.PARTITIONS, -1)));
  }

  @Test
  void everyTopicOfAClusterIsInItUnderItsOwnName() {
    TopicTable table =
        TopicTable.of(
            new Topics("in", "out", "numbers", "minutes", "broken"),
            ControlTopics.withPrefix("site-4"),
            7,
            3);
    String yaml = AsyncApi.yaml(table);
    assertThat(table.topics())
        .allSatisfy(topic -> {
          assertThat(yaml).contains("\n  %s:\n    address: %<s\n".formatted(topic.name()));
          assertThat(yaml).contains("    name: maskstream.v1." + topic.value() + "\n");
          assertThat(yaml).contains("message " + topic.value() + " {");
        });
    assertThat(yaml)
        .doesNotContain("maskstream.frames:")
        .contains("partitions: 7")
        .contains("  in:\n    action: receive\n")
        .contains("  out:\n    action: send\n")
        .contains("ce_type: {type: string, const: 'io.maskstream.mask.v1'}")
        .contains("ce_id: {type: string, examples: ['s1-1']}");
  }
}
