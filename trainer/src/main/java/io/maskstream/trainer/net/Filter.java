package io.maskstream.trainer.net;

/// The window of a convolution.
///
/// @param side of the square kernel
/// @param stride pixels from one window to the next
/// @param dilation pixels from one tap to the next
/// @param pad zeros on every side
/// @param groups of channels that do not see each other
record Filter(int side, int stride, int dilation, int pad, int groups) {

  /// One that keeps the size.
  static Filter of(int side) {
    return new Filter(side, 1, 1, (side - 1) / 2, 1);
  }

  Filter stride(int other) {
    return new Filter(side, other, dilation, pad, groups);
  }

  /// Keeps the size again.
  Filter dilated(int other) {
    return new Filter(side, stride, other, other * (side - 1) / 2, groups);
  }

  Filter pad(int other) {
    return new Filter(side, stride, dilation, other, groups);
  }

  Filter groups(int other) {
    return new Filter(side, stride, dilation, pad, other);
  }
}
