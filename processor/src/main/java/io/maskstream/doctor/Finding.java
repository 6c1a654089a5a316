package io.maskstream.doctor;

import java.util.Locale;

/// One thing that was looked at.
///
/// @param subject what was looked at, one word
/// @param what was found, as name=value
/// @param remedy what to do about it; empty if nothing is to be done
public record Finding(Level level, String subject, String what, String remedy) {

  /// How bad it is.
  public enum Level {
    OK,
    /// It runs, but not as well or as safely as it should.
    WARNING,
    /// It does not run, or what it says is wrong.
    FAILURE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Finding {
    if ((level == Level.OK) != remedy.isEmpty()) {
      throw new IllegalArgumentException(
          "a remedy is wanted for whatever is not well, and only for that: " + what);
    }
  }

  static Finding ok(String subject, String what) {
    return new Finding(Level.OK, subject, what, "");
  }

  static Finding warning(String subject, String what, String remedy) {
    return new Finding(Level.WARNING, subject, what, remedy);
  }

  static Finding failure(String subject, String what, String remedy) {
    return new Finding(Level.FAILURE, subject, what, remedy);
  }

  /// @param message of an exception, which names its remedy after the first semicolon
  /// @param otherwise the remedy where it names none
  static Finding failed(Level level, String subject, String message, String otherwise) {
    int end = message.indexOf("; ");
    return end < 0
        ? new Finding(level, subject, message, otherwise)
        : new Finding(level, subject, message.substring(0, end), message.substring(end + 2));
  }

  /// For people.
  public String line() {
    String found = String.format(Locale.ROOT, "%-8s %-9s %s", level, subject, what);
    return remedy.isEmpty() ? found : found + "; remedy: " + remedy;
  }
}
