package io.maskstream.topics;

/// A release cannot be assigned; the message says what to do.
public final class ModelException extends RuntimeException {

  ModelException(String message) {
    super(message);
  }

  ModelException(String message, Throwable cause) {
    super(message, cause);
  }
}
