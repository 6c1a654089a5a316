package io.maskstream.proto;

/// A mask has no pixels to give: it is a marker, or its parts contradict each other.
public final class MaskException extends RuntimeException {

  public MaskException(String message) {
    super(message);
  }

  public MaskException(String message, Throwable cause) {
    super(message, cause);
  }
}
