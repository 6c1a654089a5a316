package io.maskstream.trainer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.cli.Main;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A terminal session in a README: lines that begin with `$`, each with what the command said.
final class Session {

  private static final Pattern NUMBER = Pattern.compile("[0-9a-f]{12,}|\\d+(\\.\\d+)?");

  /// A command as it is typed, with some of what it said; `...` stands for lines left out.
  record Typed(String command, List<String> said) {

    /// Types it in another folder, with fewer steps, and looks for what the README has it say.
    /// Numbers and digests may be others.
    ///
    /// @param root where the README lies; its files are taken from there
    /// @param folder for what is made
    void run(Path root, Path folder, String brokers) {
      String[] words =
          Stream.of(command.split("\\s+"))
              .skip(1)
              .map(word -> word.equals("$KAFKA") ? brokers : word)
              .map(word -> isPath(word) ? place(root, folder, word).toString() : word)
              .toArray(String[]::new);
      for (int i = 1; i < words.length; i++) {
        words[i] = words[i - 1].equals("--steps") ? "4" : words[i];
      }
      Process process;
      String output;
      try {
        List<String> line = new ArrayList<>(java());
        line.addAll(List.of(words));
        process = new ProcessBuilder(line).redirectErrorStream(true).start();
        output = new String(process.getInputStream().readAllBytes());
        assertThat(process.waitFor()).as("%s: %s", command, output).isZero();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        throw new IllegalStateException("interrupted: " + command, e);
      }
      String shown =
          output
              .replace(folder.toUri().toString(), "")
              .replace(folder + "/", "")
              .replace(root + "/", "");
      for (String line : said) {
        assertThat(shown.lines().map(Session::shape))
            .as("what `%s` says", command)
            .contains(shape(line));
      }
    }

    private static boolean isPath(String word) {
      return word.contains("/") || word.endsWith(".onnx");
    }

    private static Path place(Path root, Path folder, String word) {
      return word.startsWith("processor/") ? root.resolve(word) : folder.resolve(word);
    }

    private static List<String> java() {
      return List.of(
          Path.of(System.getProperty("java.home"), "bin", "java").toString(),
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
          "-Dorg.bytedeco.javacpp.nopointergc=true",
          "-cp",
          System.getProperty("java.class.path"),
          Main.class.getName());
    }
  }

  private Session() {}

  private static String shape(String line) {
    return NUMBER.matcher(line.strip()).replaceAll("0").replaceAll("\\s+", " ");
  }

  /// @param heading of the section whose first block of code it is
  static List<Typed> read(Path readme, String heading) {
    String text;
    try {
      text = Files.readString(readme);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String block = text.split("## " + heading + "\n", 2)[1].split("```\n", 3)[1];
    List<Typed> typed = new ArrayList<>();
    for (String part : block.split("(?m)^\\$ ")) {
      if (!part.isBlank()) {
        String[] lines = part.split("\n");
        typed.add(
            new Typed(
                lines[0].strip(),
                Arrays.stream(lines)
                    .skip(1)
                    .filter(line -> !line.isBlank() && !line.strip().equals("..."))
                    .toList()));
      }
    }
    return typed;
  }
}
