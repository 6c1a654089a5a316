package io.maskstream.trainer.net;

/// What bilinear resizing keeps in place.
public enum Corners {
  /// The edges of the picture, as most networks have it (`align_corners=False`).
  BETWEEN_PIXELS("half_pixel"),
  /// The centres of the pixels in its corners, as networks for 769 x 769 and PSPNet's author have
  /// it (`align_corners=True`); sides are best 8 n + 1.
  ON_PIXELS("align_corners");

  private final String mode;

  Corners(String mode) {
    this.mode = mode;
  }

  /// As ONNX calls it.
  String mode() {
    return mode;
  }
}
