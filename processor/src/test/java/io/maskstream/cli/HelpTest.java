package io.maskstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/// Every command explains itself, whatever else it asks for.
class HelpTest {

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandHasHelp(List<String> command) {
    String[] words = Stream.concat(command.stream(), Stream.of("--help")).toArray(String[]::new);
    Outcome outcome = Outcome.of(words);
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out()).startsWith("Usage: maskstream " + String.join(" ", command));
  }

  static Stream<List<String>> commands() {
    return below(Main.commandLine(), List.of());
  }

  private static Stream<List<String>> below(CommandLine command, List<String> name) {
    return command.getSubcommands().entrySet().stream()
        .flatMap(entry -> {
          List<String> full = Stream.concat(name.stream(), Stream.of(entry.getKey())).toList();
          return Stream.concat(Stream.of(full), below(entry.getValue(), full));
        });
  }
}
