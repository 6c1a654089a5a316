package io.maskstream.wire;

import java.time.Instant;

/// Rules that hold for fields of several messages.
final class Fields {

  private static final int LONGEST_ID = 255;

  /// The range of google.protobuf.Timestamp, which is also that of RFC 3339.
  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");

  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

  private Fields() {}

  /// Ids go into keys, headers, file names and logs: they are short and printable.
  static void requireId(String field, String id) {
    if (id.isEmpty()) {
      throw new IllegalArgumentException(field + " is empty");
    }
    if (id.length() > LONGEST_ID) {
      throw new IllegalArgumentException(
          field
              + " has "
              + id.length()
              + " characters, at most "
              + LONGEST_ID
              + " are allowed: "
              + id.substring(0, 32)
              + "...");
    }
    id.chars()
        .filter(Fields::isUnprintable)
        .findFirst()
        .ifPresent(character -> {
          throw new IllegalArgumentException(
              field + " holds the control character U+" + "%04X".formatted(character));
        });
  }

  /// A text from outside, fit for a message: short and without control characters.
  static String printable(String text) {
    String shown = text.length() > LONGEST_ID ? text.substring(0, 32) + "..." : text;
    return shown
        .codePoints()
        .map(character -> isUnprintable(character) ? '?' : character)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static boolean isUnprintable(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }

  /// The instant, whose year is 1 to 9999.
  static Instant requireTime(String field, long seconds, int nanos) {
    if (seconds < FIRST.getEpochSecond() || seconds > LAST.getEpochSecond()) {
      throw new IllegalArgumentException(
          field + " is outside the years 1 to 9999: seconds=" + seconds);
    }
    return Instant.ofEpochSecond(seconds, nanos);
  }

  static void requireTime(String field, Instant time) {
    requireTime(field, time.getEpochSecond(), time.getNano());
  }
}
