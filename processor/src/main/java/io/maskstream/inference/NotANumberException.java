package io.maskstream.inference;

/// The network's scores for one frame are no numbers (NaN), so there is no class map.
public final class NotANumberException extends InferenceException {

  private static final long serialVersionUID = 1;

  NotANumberException(String message) {
    super(message);
  }
}
