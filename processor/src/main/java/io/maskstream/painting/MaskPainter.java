package io.maskstream.painting;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;

/// Lays a mask over the picture that it was made from. Immutable and thread-safe; needs no display
/// and no fonts of the machine.
public final class MaskPainter {

  static final int IGNORED = 255;

  private final ClassColors colors;
  private final double opacity;

  /// @param opacity of the mask: 0 shows the picture alone, 1 the mask alone
  public MaskPainter(ClassColors colors, double opacity) {
    if (!(opacity >= 0 && opacity <= 1)) {
      throw new IllegalArgumentException("opacity is not 0 to 1: " + opacity);
    }
    this.colors = colors;
    this.opacity = opacity;
  }

  /// The picture with its classes in colour, in the picture's size. Ignored pixels stay as they
  /// are. The mask covers the whole picture, whatever its own size: each pixel takes the class of
  /// the nearest cell.
  public BufferedImage paint(RgbPicture picture, ClassPicture mask, Legend legend) {
    BufferedImage image =
        new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_INT_RGB);
    int[] pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
    blend(picture, mask, pixels);
    new LegendPainter(colors).paint(legend, image);
    return image;
  }

  private void blend(RgbPicture picture, ClassPicture mask, int[] pixels) {
    byte[] rgb = picture.rgb();
    int[] columns = ClassPicture.cells(picture.width(), mask.width());
    int[] rows = ClassPicture.cells(picture.height(), mask.height());
    for (int y = 0, pixel = 0; y < picture.height(); y++) {
      int row = rows[y] * mask.width();
      for (int x = 0; x < picture.width(); x++, pixel++) {
        int red = rgb[3 * pixel] & 0xff;
        int green = rgb[3 * pixel + 1] & 0xff;
        int blue = rgb[3 * pixel + 2] & 0xff;
        int id = mask.classes()[row + columns[x]] & 0xff;
        if (id != IGNORED) {
          int color = colors.rgb(id);
          red = mix(red, color >> 16 & 0xff);
          green = mix(green, color >> 8 & 0xff);
          blue = mix(blue, color & 0xff);
        }
        pixels[pixel] = red << 16 | green << 8 | blue;
      }
    }
  }

  private int mix(int below, int above) {
    return (int) Math.round(below + (above - below) * opacity);
  }
}
