package io.maskstream.trainer.graph;

/// A graph cannot be trained or changed as asked; the message names file, node or tensor, and says
/// what to do.
public final class GraphException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public GraphException(String message) {
    super(message);
  }

  public GraphException(String message, Throwable cause) {
    super(message, cause);
  }
}
