package io.maskstream.release;

/// A file is no release, or a graph cannot become one; the message names it and says what to do.
public final class ReleaseException extends RuntimeException {

  public ReleaseException(String message) {
    super(message);
  }

  public ReleaseException(String message, Throwable cause) {
    super(message, cause);
  }
}
