package io.maskstream.trainer.score;

import io.maskstream.painting.ClassColors;
import io.maskstream.painting.ClassPicture;
import io.maskstream.painting.PixelFont;
import io.maskstream.painting.RgbPicture;
import io.maskstream.release.Palette;
import io.maskstream.score.ConfusionMatrix;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntUnaryOperator;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;

/// One picture of many: a row for each predicted picture with the picture, its truth, the
/// prediction, and where they differ (red; ignored pixels are black).
public final class PictureSheet {

  /// One predicted picture.
  ///
  /// @param caption its name and score
  public record Row(
      String caption, RgbPicture picture, ClassPicture truth, ClassPicture prediction) {

    public Row {
      if (truth.width() != picture.width()
          || truth.height() != picture.height()
          || prediction.width() != picture.width()
          || prediction.height() != picture.height()) {
        throw new IllegalArgumentException(
            "picture, truth and prediction differ in size: %s %dx%d, %dx%d, %dx%d"
                .formatted(
                    caption,
                    picture.width(),
                    picture.height(),
                    truth.width(),
                    truth.height(),
                    prediction.width(),
                    prediction.height()));
      }
    }
  }

  private static final int PANEL = 320;
  private static final int GAP = 4;
  private static final int LINE = PixelFont.HEIGHT + 2 * GAP;
  private static final List<String> HEADS = List.of("picture", "truth", "prediction", "error");
  private static final int WRONG = 0xff0000;
  private static final int NOTHING = 0x000000;
  private static final int IGNORE = ConfusionMatrix.IGNORE;

  private PictureSheet() {}

  /// Paints the sheet; panels are shrunk to 320 columns.
  public static BufferedImage paint(List<Row> rows, Palette classes) {
    int width = HEADS.size() * (PANEL + GAP) + GAP;
    int legendLines = legend(null, classes, width, 0);
    int height =
        LINE + rows.stream().mapToInt(row -> LINE + rowHeight(row)).sum() + legendLines * LINE;
    BufferedImage sheet = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = sheet.createGraphics();
    try {
      graphics.setRenderingHint(
          RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
      graphics.setColor(Color.WHITE);
      graphics.fillRect(0, 0, width, height);
      for (int i = 0; i < HEADS.size(); i++) {
        write(graphics, HEADS.get(i), GAP + i * (PANEL + GAP), GAP);
      }
      int y = LINE;
      for (Row row : rows) {
        write(graphics, row.caption(), GAP, y + GAP);
        y += LINE;
        paint(graphics, row, classes, y);
        y += rowHeight(row);
      }
      legend(graphics, classes, width, y);
    } finally {
      graphics.dispose();
    }
    return sheet;
  }

  /// Writes the sheet as PNG.
  public static void write(List<Row> rows, Palette classes, Path file) {
    try {
      if (!ImageIO.write(paint(rows, classes), "png", file.toFile())) {
        throw new IOException("this JDK writes no PNG");
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write picture sheet " + file + ": " + e, e);
    }
  }

  private static void paint(Graphics2D graphics, Row row, Palette classes, int y) {
    ClassColors colors = ClassColors.of(classes.colors());
    byte[] rgb = row.picture().rgb();
    byte[] truth = row.truth().classes();
    byte[] prediction = row.prediction().classes();
    List<IntUnaryOperator> panels =
        List.of(
            i -> color(rgb, i),
            i -> color(colors, truth[i]),
            i -> color(colors, prediction[i]),
            i -> error(rgb, truth, prediction, i));
    for (int i = 0; i < panels.size(); i++) {
      graphics.drawImage(
          image(row.picture().width(), row.picture().height(), panels.get(i)),
          GAP + i * (PANEL + GAP),
          y,
          PANEL,
          rowHeight(row) - GAP,
          null);
    }
  }

  private static BufferedImage image(int width, int height, IntUnaryOperator color) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < width * height; i++) {
      image.setRGB(i % width, i / width, color.applyAsInt(i));
    }
    return image;
  }

  private static int color(byte[] rgb, int i) {
    return (rgb[3 * i] & 0xff) << 16 | (rgb[3 * i + 1] & 0xff) << 8 | rgb[3 * i + 2] & 0xff;
  }

  private static int color(ClassColors colors, byte id) {
    return (id & 0xff) == IGNORE ? NOTHING : colors.rgb(id & 0xff);
  }

  /// The picture in dim grey where the prediction is right.
  private static int error(byte[] rgb, byte[] truth, byte[] prediction, int i) {
    if ((truth[i] & 0xff) == IGNORE) {
      return NOTHING;
    }
    int color = color(rgb, i);
    int grey = ((color >> 16 & 0xff) + (color >> 8 & 0xff) + (color & 0xff)) / 6 + 64;
    return truth[i] == prediction[i] ? grey * 0x010101 : WRONG;
  }

  private static int rowHeight(Row row) {
    return Math.max(1, PANEL * row.picture().height() / row.picture().width()) + GAP;
  }

  /// Class names beside their colours, wrapped.
  ///
  /// @param graphics null measures only
  /// @return lines taken
  private static int legend(@Nullable Graphics2D graphics, Palette classes, int width, int y) {
    int x = GAP;
    int lines = 1;
    for (int id = 0; id < classes.size(); id++) {
      String name = classes.names().get(id);
      int taken = PixelFont.HEIGHT + GAP + PixelFont.width(name) + 2 * GAP;
      if (x + taken > width && x > GAP) {
        x = GAP;
        lines++;
      }
      if (graphics != null) {
        int top = y + (lines - 1) * LINE + GAP;
        graphics.setColor(new Color(classes.colors().get(id)));
        graphics.fillRect(x, top, PixelFont.HEIGHT, PixelFont.HEIGHT);
        write(graphics, name, x + PixelFont.HEIGHT + GAP, top);
      }
      x += taken;
    }
    return lines;
  }

  private static void write(Graphics2D graphics, String text, int x, int y) {
    graphics.setColor(Color.BLACK);
    PixelFont.write(graphics, text, x, y, 1);
  }
}
