package io.maskstream.trainer.autograd;

/// libtorch cannot do what was asked; the message names the node, or what to set otherwise.
public final class TorchException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public TorchException(String message) {
    super(message);
  }

  public TorchException(String message, Throwable cause) {
    super(message, cause);
  }
}
