package io.maskstream.trainer.data;

/// Labelled pictures cannot be used; the message names the files and what to do.
public final class LabelledSetException extends RuntimeException {

  public LabelledSetException(String message) {
    super(message);
  }

  public LabelledSetException(String message, Throwable cause) {
    super(message, cause);
  }
}
