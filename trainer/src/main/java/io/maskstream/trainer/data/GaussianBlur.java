package io.maskstream.trainer.data;

import io.maskstream.video.Size;

/// A Gaussian over 5 x 5 pixels, reflected at the border: OpenCV's `GaussianBlur` of that size,
/// whose kernel is binomial.
final class GaussianBlur {

  private static final int[] KERNEL = {1, 4, 6, 4, 1};
  private static final int SUM = 16;

  private GaussianBlur() {}

  static byte[] of(byte[] rgb, Size size) {
    int row = size.width() * 3;
    int[] across = new int[rgb.length];
    for (int i = 0; i < rgb.length; i++) {
      int start = i / row * row;
      int x = i % row / 3;
      for (int k = 0; k < KERNEL.length; k++) {
        int from = reflected(x + k - 2, size.width());
        across[i] += KERNEL[k] * (rgb[start + 3 * from + i % 3] & 0xff);
      }
    }
    byte[] blurred = new byte[rgb.length];
    for (int i = 0; i < rgb.length; i++) {
      int y = i / row;
      int sum = SUM * SUM / 2;
      for (int k = 0; k < KERNEL.length; k++) {
        sum += KERNEL[k] * across[reflected(y + k - 2, size.height()) * row + i % row];
      }
      blurred[i] = (byte) (sum / (SUM * SUM));
    }
    return blurred;
  }

  /// At the border pixel, which is not repeated.
  private static int reflected(int at, int length) {
    if (length == 1) {
      return 0;
    }
    int period = 2 * (length - 1);
    int place = Math.floorMod(at, period);
    return Math.min(place, period - place);
  }
}
