package io.maskstream.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReferenceTableTest {

  private static final Path COMMITTED =
      Path.of(System.getProperty("maskstream.root"), "processor", "CONFIGURATION.md");

  @Test
  void theDocumentIsWhatTheKeysSay() throws Exception {
    assertThat(Files.readString(COMMITTED))
        .as("write it anew with: ./maskstream config docs > processor/CONFIGURATION.md")
        .isEqualTo(ReferenceTable.markdown());
  }

  @Test
  void everyKeyIsInIt() {
    assertThat(Keys.DEFINITION.names())
        .allSatisfy(key -> assertThat(ReferenceTable.markdown()).contains("| `" + key + "` |"));
  }
}
