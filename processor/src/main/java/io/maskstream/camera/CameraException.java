package io.maskstream.camera;

<<<<<<< HEAD
/// A source cannot be opened or read, or its pictures cannot be published. The message is a
/// sentence for a person, with the remedy, and holds no secret.
=======
/// A camera or file cannot be read or published. Its message holds no password.
>>>>>>> main
public final class CameraException extends RuntimeException {

  public CameraException(String message) {
    super(message);
  }

  public CameraException(String message, Throwable cause) {
    super(message, cause);
  }
}
