package io.maskstream.cli;

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
      case JSON -> json(properties);
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

  private static String json(Object value) {
    return switch (value) {
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(entry -> quoted(String.valueOf(entry.getKey())) + ":" + json(entry.getValue()))
              .collect(Collectors.joining(",", "{", "}"));
      case List<?> list ->
          list.stream().map(OutputFormat::json).collect(Collectors.joining(",", "[", "]"));
      case Number number -> number.toString();
      case Boolean truth -> truth.toString();
      default -> quoted(value.toString());
    };
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        default ->
            quoted.append(c < 0x20 ? String.format(Locale.ROOT, "\\u%04x", (int) c) : "" + c);
      }
    }
    return quoted.append('"').toString();
  }
}
