package io.maskstream.onnx;

/// An ONNX file or graph is not what it should be; the message names it and says what to do.
public final class OnnxException extends RuntimeException {

  private static final long serialVersionUID = 1;

  public OnnxException(String message) {
    super(message);
  }

  public OnnxException(String message, Throwable cause) {
    super(message, cause);
  }
}
