package io.maskstream.camera;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// A line of a golden file: a clip, and what Debian's ffprobe says of it.
record Golden(String clip, List<Long> numbers) {

  static Stream<Golden> of(String file) {
    try (var in = Golden.class.getResourceAsStream(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split(" "))
          .map(words ->
              new Golden(words[0], Arrays.stream(words).skip(1).map(Long::parseLong).toList()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
