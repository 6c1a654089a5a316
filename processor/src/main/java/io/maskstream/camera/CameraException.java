package io.maskstream.camera;

/// A source cannot be opened or read, or its pictures cannot be published. The message is a
/// sentence for a person, with the remedy, and holds no secret.
public final class CameraException extends RuntimeException {

  public CameraException(String message) {
    super(message);
  }

  public CameraException(String message, Throwable cause) {
    super(message, cause);
  }
}
