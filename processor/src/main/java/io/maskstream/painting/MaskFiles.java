package io.maskstream.painting;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.Raster;
import java.awt.image.RenderedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/// Files of masks and pictures. Thread-safe.
public final class MaskFiles {

  private MaskFiles() {}

  /// A picture as a PNG.
  public static byte[] png(RenderedImage image) {
    return file(image, "png");
  }

  /// A picture as a JPEG.
  public static byte[] jpeg(RenderedImage image) {
    return file(image, "jpeg");
  }

  private static byte[] file(RenderedImage image, String format) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (var out = new MemoryCacheImageOutputStream(bytes)) {
      if (!ImageIO.write(image, format, out)) {
        throw new IllegalStateException(
            "this Java writes no " + format + "; use a JDK with java.desktop");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /// A mask as PASCAL VOC keeps them: an 8-bit PNG whose samples are class ids, 255 = void, and
  /// whose palette only colours them.
  public static byte[] palettePng(ClassPicture mask, ClassColors colors) {
    BufferedImage image =
        new BufferedImage(
            mask.width(), mask.height(), BufferedImage.TYPE_BYTE_INDEXED, colors.model());
    image.setData(
        Raster.createInterleavedRaster(
            new DataBufferByte(mask.classes(), mask.classes().length),
            mask.width(),
            mask.height(),
            mask.width(),
            1,
            new int[] {0},
            null));
    return png(image);
  }
}
