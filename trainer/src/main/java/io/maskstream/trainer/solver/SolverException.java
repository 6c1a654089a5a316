package io.maskstream.trainer.solver;

/// A run cannot start or cannot go on; the message says why and what to change.
public final class SolverException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public SolverException(String message) {
    super(message);
  }

  public SolverException(String message, Throwable cause) {
    super(message, cause);
  }
}
