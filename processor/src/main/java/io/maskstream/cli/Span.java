package io.maskstream.cli;

import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Reads a time span of the command line: `500ms`, `60s`, `5m`, `2h`, `1d`.
final class Span implements ITypeConverter<Duration> {

  @Override
  public Duration convert(String text) {
    String unit = text.replaceFirst("^\\d+", "");
    try {
      long count = Long.parseLong(text.substring(0, text.length() - unit.length()));
      return switch (unit) {
        case "ms" -> Duration.ofMillis(count);
        case "s" -> Duration.ofSeconds(count);
        case "m" -> Duration.ofMinutes(count);
        case "h" -> Duration.ofHours(count);
        case "d" -> Duration.ofDays(count);
        default -> throw wrong(text);
      };
    } catch (NumberFormatException | ArithmeticException _) {
      throw wrong(text);
    }
  }

  private static TypeConversionException wrong(String text) {
    return new TypeConversionException(
        "'" + text + "' is no time span; write 500ms, 60s, 5m, 2h or 1d");
  }
}
