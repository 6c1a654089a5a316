package io.maskstream.trainer.data;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.util.Arrays;

/// The colours that cyan, magenta, yellow and black give on white paper. Colour profiles are left
/// aside.
///
/// Adobe's programs write into a JPEG how much light is left instead of how much ink is laid, and
/// say so by a segment of their own, APP14 (libjpeg.txt, "Special color spaces"). ImageIO takes
/// every JPEG of four bands for theirs.
final class PrintColors {

  private static final int BANDS = 4;
  private static final int JPEG = 0xffd8;
  private static final int APP14 = 0xffee;
  private static final int START_OF_SCAN = 0xffda;
  private static final byte[] ADOBE = {'A', 'd', 'o', 'b', 'e'};

  private PrintColors() {}

  static boolean areIn(BufferedImage image) {
    return image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_CMYK
        && image.getRaster().getNumBands() == BANDS;
  }

  /// R G B bytes, row by row.
  static byte[] rgb(ImageFile file) {
    boolean swapped = unsigned16(file.bytes(), 0) == JPEG && !isOfAdobe(file.bytes());
    Raster raster = file.image().getRaster();
    int width = raster.getWidth();
    byte[] rgb = new byte[3 * width * raster.getHeight()];
    int[] row = new int[width * BANDS];
    for (int y = 0, at = 0; y < raster.getHeight(); y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int i = 0; i < row.length; i++) {
        row[i] = swapped ? row[i] : 255 - row[i];
      }
      for (int i = 0; i < row.length; i += BANDS) {
        for (int channel = 0; channel < 3; channel++) {
          rgb[at++] = (byte) ((row[i + channel] * row[i + 3] + 127) / 255);
        }
      }
    }
    return rgb;
  }

  /// Reads the segments of a JPEG file.
  private static boolean isOfAdobe(byte[] jpeg) {
    int at = 2;
    while (at + 4 + ADOBE.length <= jpeg.length && unsigned16(jpeg, at) != START_OF_SCAN) {
      int from = at + 4;
      if (unsigned16(jpeg, at) == APP14
          && Arrays.equals(jpeg, from, from + ADOBE.length, ADOBE, 0, ADOBE.length)) {
        return true;
      }
      at += 2 + unsigned16(jpeg, at + 2);
    }
    return false;
  }

  private static int unsigned16(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
  }
}
