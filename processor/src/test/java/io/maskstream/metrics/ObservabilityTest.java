package io.maskstream.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Alert rules and dashboard: what is committed is what the code says, and it works on the meters
/// that there are.
class ObservabilityTest {

  private static final Path FOLDER =
      Path.of(System.getProperty("maskstream.root"), "deploy", "observability");

  private static final Pattern OURS = Pattern.compile("\\bmaskstream_\\w+");

  @TempDir Path folder;

  @Test
  void theFilesAreWhatTheCodeSays() throws Exception {
    assertThat(Files.readString(FOLDER.resolve("alerts.yaml")))
        .as("write it anew with: ./maskstream metrics alerts -d deploy/observability")
        .isEqualTo(Alerts.yaml());
    assertThat(Files.readString(FOLDER.resolve("dashboard.json")))
        .as("write it anew with: ./maskstream metrics dashboards -d deploy/observability")
        .isEqualTo(Dashboard.json());
    assertThat(Files.readString(FOLDER.resolve("README.md")))
        .as("put in what this writes: ./maskstream metrics list")
        .contains(Meter.markdown());
  }

  @ParameterizedTest
  @ValueSource(strings = {"alerts.yaml", "dashboard.json"})
  void everyMeterItAsksForIsThere(String file) throws Exception {
    Set<String> there = Meter.ALL.stream().map(Meter::name).collect(Collectors.toSet());
    assertThat(OURS.matcher(Files.readString(FOLDER.resolve(file))).results())
        .isNotEmpty()
        .allSatisfy(asked ->
            assertThat(there)
                .containsAnyOf(
                    asked.group(), asked.group().replaceFirst("_(bucket|count|sum|max)$", "")));
  }

  @Test
  void everyAlertHasItsRunbookAndItsTest() throws Exception {
    String runbook = Files.readString(FOLDER.resolve("README.md"));
    assertThat(Alerts.names())
        .allSatisfy(name -> {
          assertThat(runbook).contains("\n### " + name + "\n");
          assertThat(tests()).contains("alertname: " + name + "\n        exp_alerts:\n          -");
        });
  }

  @Test
  void everyRuleFiresWhenItShouldAndOnlyThen() throws Exception {
    assumeTrue(
        installed("promtool"), "promtool is not installed: Debian's package prometheus has it");
    Files.writeString(folder.resolve("alerts.yaml"), Alerts.yaml());
    Files.writeString(folder.resolve("tests.yaml"), tests());
    promtool("check", "rules", "alerts.yaml");
    promtool("test", "rules", "tests.yaml");
  }

  private void promtool(String... arguments) throws Exception {
    Process process =
        new ProcessBuilder("promtool", arguments[0], arguments[1], arguments[2])
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  private static boolean installed(String program) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(each -> Files.isExecutable(Path.of(each, program)));
  }

  private static String tests() throws Exception {
    try (InputStream in = ObservabilityTest.class.getResourceAsStream("alerts-tests.yaml")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
