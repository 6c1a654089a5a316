package io.maskstream.topics;

/// Answers cannot be read; the message says what to do.
public final class AnswerException extends RuntimeException {

  public AnswerException(String message) {
    super(message);
  }

  public AnswerException(String message, Throwable cause) {
    super(message, cause);
  }
}
