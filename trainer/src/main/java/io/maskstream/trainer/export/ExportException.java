package io.maskstream.trainer.export;

/// A graph cannot become a release, or a release no trainable graph; the message says why and what
/// to do.
public final class ExportException extends RuntimeException {

  private static final long serialVersionUID = 1;

  ExportException(String message) {
    super(message);
  }

  ExportException(String message, Throwable cause) {
    super(message, cause);
  }
}
