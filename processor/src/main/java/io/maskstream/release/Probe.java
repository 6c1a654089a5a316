package io.maskstream.release;

import io.maskstream.video.Size;
import java.util.Random;

/// Pictures to try graphs on: a sky-like gradient with blocks of colour and noise, the same for the
/// same seed.
final class Probe {

  private static final int BLOCKS = 40;

  private Probe() {}

  /// @return height x width x 3 bytes, RGB
  static byte[] draw(Size size, int seed) {
    Random random = new Random(seed);
    byte[] rgb = new byte[Math.toIntExact(size.pixels() * 3)];
    for (int y = 0; y < size.height(); y++) {
      for (int x = 0; x < size.width(); x++) {
        int i = 3 * (y * size.width() + x);
        rgb[i] = (byte) (255 * y / size.height());
        rgb[i + 1] = (byte) (255 * x / size.width());
        rgb[i + 2] = (byte) (128 + random.nextInt(16));
      }
    }
    for (int block = 0; block < BLOCKS; block++) {
      int left = random.nextInt(size.width());
      int top = random.nextInt(size.height());
      int right = Math.min(size.width(), left + 1 + random.nextInt(1 + size.width() / 3));
      int bottom = Math.min(size.height(), top + 1 + random.nextInt(1 + size.height() / 3));
      int color = random.nextInt(1 << 24);
      for (int y = top; y < bottom; y++) {
        for (int x = left; x < right; x++) {
          int i = 3 * (y * size.width() + x);
          rgb[i] = (byte) (color >> 16);
          rgb[i + 1] = (byte) (color >> 8);
          rgb[i + 2] = (byte) color;
        }
      }
    }
    return rgb;
  }
}
