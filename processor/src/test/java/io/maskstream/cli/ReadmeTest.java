package io.maskstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the READMEs say can be typed, and what they point at is there.
class ReadmeTest {

  private static final Path ROOT = Path.of(System.getProperty("maskstream.root"));
  private static final Pattern LINK = Pattern.compile("\\]\\((?!http)([^)#]+)\\)");

  @ParameterizedTest
  @MethodSource("readmes")
  void everyCommandLineIsUnderstood(Path readme) throws IOException {
    List<String> commands =
        Files.readAllLines(ROOT.resolve(readme)).stream()
            .map(line -> line.replaceFirst("\\s+#.*", "").strip())
            .filter(line -> line.startsWith("./maskstream "))
            .filter(line -> !line.startsWith("./maskstream train")) // the trainer's own
            .toList();
    for (String command : commands) {
      String[] words = command.split("\\s+");
      Main.commandLine().parseArgs(Arrays.copyOfRange(words, 1, words.length));
    }
    if (!readme.startsWith("trainer")) {
      assertThat(commands).isNotEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("readmes")
  void everyPathItPointsAtExists(Path readme) throws IOException {
    Path folder = ROOT.resolve(readme).getParent();
    assertThat(LINK.matcher(Files.readString(ROOT.resolve(readme))).results())
        .allSatisfy(link -> assertThat(folder.resolve(link.group(1))).exists());
  }

  static Stream<Path> readmes() {
    return Stream.of(
            "README.md",
            "processor/README.md",
            "trainer/README.md",
            "proto/README.md",
            "deploy/README.md",
            "deploy/observability/README.md")
        .map(Path::of);
  }
}
