package io.maskstream.painting;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.util.List;

/// Paints two masks of one picture side by side: the picture, A over it, B over it, and where they
/// differ. Immutable and thread-safe.
public final class DifferencePainter {

  private static final double OPACITY = 0.6;
  private static final int DIFFERS = 0xff2060;
  private static final Color PANEL = new Color(0, 0, 0, 160);
  private static final int MARGIN = 3;

  private final MaskPainter masks;

  public DifferencePainter(ClassColors colors) {
    masks = new MaskPainter(colors, OPACITY);
  }

  /// @param titles of the four panels
  public BufferedImage paint(
      RgbPicture picture, ClassPicture a, ClassPicture b, List<String> titles) {
    List<BufferedImage> panels =
        List.of(
            picture.image(),
            masks.paint(picture, a, Legend.NONE),
            masks.paint(picture, b, Legend.NONE),
            where(picture, a, b));
    BufferedImage sheet =
        new BufferedImage(
            panels.size() * picture.width(), picture.height(), BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = sheet.createGraphics();
    try {
      for (int i = 0; i < panels.size(); i++) {
        graphics.drawImage(panels.get(i), i * picture.width(), 0, null);
        title(graphics, titles.get(i), i * picture.width(), 1 + picture.height() / 360);
      }
    } finally {
      graphics.dispose();
    }
    return sheet;
  }

  /// A dim grey picture with the pixels in red whose classes differ.
  private static BufferedImage where(RgbPicture picture, ClassPicture a, ClassPicture b) {
    BufferedImage image =
        new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_INT_RGB);
    int[] pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
    int[] columns = ClassPicture.cells(picture.width(), a.width());
    int[] rows = ClassPicture.cells(picture.height(), a.height());
    for (int y = 0, pixel = 0; y < picture.height(); y++) {
      for (int x = 0; x < picture.width(); x++, pixel++) {
        int cell = rows[y] * a.width() + columns[x];
        int grey = (picture.rgb()[3 * pixel + 1] & 0xff) / 3;
        pixels[pixel] = a.classes()[cell] == b.classes()[cell] ? grey * 0x010101 : DIFFERS;
      }
    }
    return image;
  }

  private static void title(Graphics2D graphics, String text, int x, int scale) {
    graphics.setColor(PANEL);
    graphics.fillRect(
        x,
        0,
        (PixelFont.width(text) + 2 * MARGIN) * scale,
        (PixelFont.HEIGHT + 2 * MARGIN) * scale);
    graphics.setColor(Color.WHITE);
    PixelFont.write(graphics, text, x + MARGIN * scale, MARGIN * scale, scale);
  }
}
