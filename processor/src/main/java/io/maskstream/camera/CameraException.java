package io.maskstream.camera;

/// A camera or file cannot be read or published. Its message holds no password.
public final class CameraException extends RuntimeException {

  public CameraException(String message) {
    super(message);
  }

  public CameraException(String message, Throwable cause) {
    super(message, cause);
  }
}
