package io.maskstream.store;

import io.maskstream.gate.Reason;
import io.maskstream.gate.RefusedException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;

/// What is signed of a release: six lines of text, of which no other order or spelling is read.
///
/// ```
/// maskstream-release: 1
/// name: scene
/// version: 2
/// sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
/// bytes: 829642
/// created: 2026-11-21T19:00:00Z
/// ```
///
/// @param name of letters, digits, dots, dashes and underscores: it becomes part of a file's name
/// @param version likewise; later ones compare greater, see [Versions]
/// @param sha256 of the .onnx file, lower-case hexadecimal
/// @param bytes of that file
/// @param created when it was pushed
public record Manifest(String name, String version, String sha256, long bytes, Instant created) {

  static final int MAX_BYTES = 4096;

  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._+-]{0,99}");
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");
  private static final List<String> KEYS =
      List.of("maskstream-release", "name", "version", "sha256", "bytes", "created");

  public Manifest {
    requireWord("name", name);
    requireWord("version", version);
    if (!DIGEST.matcher(sha256).matches()) {
      throw new IllegalArgumentException("sha256 is not 64 lower-case hexadecimal digits");
    }
    if (bytes < 1) {
      throw new IllegalArgumentException("bytes are not positive: " + bytes);
    }
  }

  private static void requireWord(String key, String word) {
    if (!WORD.matcher(word).matches() || word.contains("..")) {
      throw new IllegalArgumentException(
          key
              + " must be letters, digits and single . _ + - (it becomes part of a file's name): "
              + word.substring(0, Math.min(60, word.length())).replaceAll("[^ -~]", "?"));
    }
  }

  /// Name of the files without what follows the last dot.
  public String stem() {
    return name + "-" + version;
  }

  byte[] text() {
    return String.join(
            "\n",
            KEYS.get(0) + ": 1",
            KEYS.get(1) + ": " + name,
            KEYS.get(2) + ": " + version,
            KEYS.get(3) + ": " + sha256,
            KEYS.get(4) + ": " + bytes,
            KEYS.get(5) + ": " + created,
            "")
        .getBytes(StandardCharsets.UTF_8);
  }

  /// @param source names it in errors
  /// @throws RefusedException if it is none
  static Manifest parse(byte[] text, String source) {
    try {
      List<String> lines = new String(text, StandardCharsets.UTF_8).lines().toList();
      if (text.length > MAX_BYTES || lines.size() != KEYS.size()) {
        throw new IllegalArgumentException("it has " + lines.size() + " lines, not " + KEYS.size());
      }
      String[] values = new String[KEYS.size()];
      for (int i = 0; i < values.length; i++) {
        String begin = KEYS.get(i) + ": ";
        if (!lines.get(i).startsWith(begin)) {
          throw new IllegalArgumentException("line " + (i + 1) + " is not " + begin.strip());
        }
        values[i] = lines.get(i).substring(begin.length());
      }
      if (!values[0].equals("1")) {
        throw new IllegalArgumentException("it is of format " + values[0] + ", not 1");
      }
      return new Manifest(
          values[1], values[2], values[3], Long.parseLong(values[4]), Instant.parse(values[5]));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new RefusedException(
          Reason.MANIFEST,
          "the manifest " + source + " cannot be taken: " + e.getMessage() + "; push it again",
          e);
    }
  }
}
