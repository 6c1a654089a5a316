package io.maskstream.store;

/// A store does not answer, or what is asked of it cannot be done; the message says what to do.
/// What is refused because it may be forged is a [io.maskstream.gate.RefusedException] instead.
public final class StoreException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public StoreException(String message) {
    super(message);
  }

  public StoreException(String message, Throwable cause) {
    super(message, cause);
  }
}
