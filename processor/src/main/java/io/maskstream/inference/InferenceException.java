package io.maskstream.inference;

/// The network failed on a frame, or a release cannot be served.
public sealed class InferenceException extends RuntimeException permits NotANumberException {

  public InferenceException(String message) {
    super(message);
  }

  public InferenceException(String message, Throwable cause) {
    super(message, cause);
  }
}
