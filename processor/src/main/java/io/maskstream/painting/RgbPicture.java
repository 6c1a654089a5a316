package io.maskstream.painting;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// A picture in memory.
///
/// @param width columns
/// @param height rows
/// @param rgb row-major, R G B, full range; owned by this record
@SuppressWarnings("ArrayRecordComponent") // pixels are compared by nobody
public record RgbPicture(int width, int height, byte[] rgb) {

  public RgbPicture {
    if (width < 1 || height < 1 || rgb.length != (long) width * height * 3) {
      throw new IllegalArgumentException(
          "picture wants width x height x 3 bytes: width=%d height=%d bytes=%d"
              .formatted(width, height, rgb.length));
    }
  }

  /// The picture for Java's own painting and files.
  public BufferedImage image() {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    int[] pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
    Arrays.setAll(
        pixels,
        i -> (rgb[3 * i] & 0xff) << 16 | (rgb[3 * i + 1] & 0xff) << 8 | rgb[3 * i + 2] & 0xff);
    return image;
  }

  /// A copy of pixels that belong to someone else.
  public static RgbPicture copyOf(int width, int height, ByteBuffer rgb) {
    byte[] copy = new byte[rgb.remaining()];
    rgb.duplicate().get(copy);
    return new RgbPicture(width, height, copy);
  }
}
