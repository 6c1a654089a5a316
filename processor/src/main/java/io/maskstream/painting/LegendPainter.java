package io.maskstream.painting;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;

/// Writes a legend into the upper left corner, on a dark panel.
final class LegendPainter {

  private static final Color PANEL = new Color(0, 0, 0, 160);
  private static final int TEXT = 0xffffff;

  /// Rows of a picture for one more step of the letters' size.
  private static final int ROWS_A_STEP = 360;

  private final ClassColors colors;

  LegendPainter(ClassColors colors) {
    this.colors = colors;
  }

  /// Lines that do not fit the picture are left out.
  void paint(Legend legend, BufferedImage image) {
    int scale = 1 + image.getHeight() / ROWS_A_STEP;
    int pitch = (PixelFont.HEIGHT + 2) * scale;
    int margin = 3 * scale;
    int swatch = PixelFont.HEIGHT * scale;
    int lines = Math.min(legend.lines().size(), (image.getHeight() - 2 * margin) / pitch);
    if (lines < 1) {
      return;
    }
    int widest =
        legend.lines().stream()
            .limit(lines)
            .mapToInt(line -> PixelFont.width(line.text()) * scale)
            .max()
            .orElse(0);
    Graphics2D graphics = image.createGraphics();
    try {
      graphics.setColor(PANEL);
      graphics.fillRect(0, 0, swatch + widest + 3 * margin, lines * pitch + 2 * margin);
      for (int i = 0; i < lines; i++) {
        Legend.Line line = legend.lines().get(i);
        int y = margin + i * pitch;
        graphics.setColor(new Color(colors.rgb(line.classId())));
        graphics.fillRect(margin, y, swatch, swatch);
        graphics.setColor(new Color(TEXT));
        PixelFont.write(graphics, line.text(), 2 * margin + swatch, y, scale);
      }
    } finally {
      graphics.dispose();
    }
  }
}
