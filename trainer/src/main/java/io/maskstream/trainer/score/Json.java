package io.maskstream.trainer.score;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Writes maps, lists, strings, numbers and booleans as JSON on one line. NaN and infinity, which
/// JSON lacks, become null.
public final class Json {

  private Json() {}

  /// @throws IllegalArgumentException if there is anything else in it
  public static String write(@Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(entry -> quoted(String.valueOf(entry.getKey())) + ":" + write(entry.getValue()))
              .collect(Collectors.joining(",", "{", "}"));
      case List<?> list ->
          list.stream().map(Json::write).collect(Collectors.joining(",", "[", "]"));
      case Double number when !Double.isFinite(number) -> "null";
      case Float number when !Float.isFinite(number) -> "null";
      case Number number -> number.toString();
      case Boolean truth -> truth.toString();
      case String text -> quoted(text);
      default -> throw new IllegalArgumentException("JSON has no " + value.getClass().getName());
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
