package io.maskstream.cli;

import io.maskstream.topics.Json;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// How a command writes what it found, with `-o`.
enum OutputFormat {
  TABLE,
  JSON;

  /// One thing with its properties, in their order. Values are numbers, booleans, strings, or lists
  /// of these.
  String write(Map<String, Object> properties) {
    return switch (this) {
      case JSON -> Json.of(properties);
      case TABLE -> {
        int width = properties.keySet().stream().mapToInt(String::length).max().orElse(0);
        yield properties.entrySet().stream()
            .map(entry ->
                String.format(
                    Locale.ROOT,
                    "%-" + (width + 2) + "s%s",
                    entry.getKey(),
                    cell(entry.getValue())))
            .collect(Collectors.joining("\n"));
      }
    };
  }

  private static String cell(Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(OutputFormat::cell).collect(Collectors.joining(", "));
    }
    return value instanceof Double number
        ? String.format(Locale.ROOT, "%.2f", number)
        : String.valueOf(value);
  }
}
