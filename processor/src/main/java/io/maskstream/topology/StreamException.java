package io.maskstream.topology;

/// The stream cannot start, or has failed; the message says what to do.
public final class StreamException extends RuntimeException {

  StreamException(String message, Throwable cause) {
    super(message, cause);
  }

  StreamException(String message) {
    super(message);
  }
}
