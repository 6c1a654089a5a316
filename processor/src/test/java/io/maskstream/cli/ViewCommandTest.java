package io.maskstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is shown is tested where it is made; here, what the command line says.
class ViewCommandTest {

  @Test
  void servesForAsLongAsItIsTold() {
    Outcome outcome = Outcome.of("view", "--listen", "127.0.0.1:0", "--for", "10ms");
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.err()).matches("(?s).*viewer at http://127\\.0\\.0\\.1:[0-9]+\\R");
  }

  @Test
  void saysWhatIsWrongWithTheTokenFile(@TempDir Path folder) throws Exception {
    Path none = folder.resolve("none");
    assertThat(Outcome.of("view", "--token-file", none.toString()).err())
        .contains("cannot read --token-file " + none);
    Path shorter = Files.writeString(folder.resolve("short"), "canary\n");
    Outcome outcome = Outcome.of("view", "--token-file", shorter.toString());
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err()).contains("characters=6 wanted=16").doesNotContain("canary");
  }
}
