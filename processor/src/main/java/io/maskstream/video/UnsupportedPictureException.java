package io.maskstream.video;

/// A decoded picture that cannot be turned into a frame; its message ends in a marker.
final class UnsupportedPictureException extends Exception {

  private static final long serialVersionUID = 1;

  UnsupportedPictureException(String message) {
    super(message);
  }
}
