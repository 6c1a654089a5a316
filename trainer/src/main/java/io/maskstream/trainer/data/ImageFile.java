package io.maskstream.trainer.data;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/// An image file as ImageIO decodes it: its samples, not yet colours.
///
/// @param bytes the file
/// @param image its first image, the way it is stored
@SuppressWarnings("ArrayRecordComponent") // handed on once, compared never
record ImageFile(byte[] bytes, BufferedImage image) {

  private static final int MAX_BYTE = 255;

  /// @throws LabelledSetException if the file is missing, cut short or of no known kind
  static ImageFile read(Path file) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      return new ImageFile(bytes, decode(bytes));
    } catch (IOException | RuntimeException e) { // broken files make ImageIO throw either
      throw new LabelledSetException("cannot read image %s: %s".formatted(file, reason(e)), e);
    }
  }

  /// @param what is wrong, and with which file
  /// @throws LabelledSetException if samples have more than eight bits
  static void refuseSixteenBits(Raster raster, String what, String remedy) {
    if (raster.getSampleModel().getSampleSize(0) <= Byte.SIZE) {
      return;
    }
    int[] row = new int[raster.getWidth()];
    int x = 0;
    int y = 0;
    int value = raster.getSample(raster.getMinX(), raster.getMinY(), 0);
    for (int at = 0; at < raster.getHeight() && value <= MAX_BYTE; at++) {
      raster.getSamples(raster.getMinX(), raster.getMinY() + at, row.length, 1, 0, row);
      for (int i = 0; i < row.length && value <= MAX_BYTE; i++) {
        x = i;
        y = at;
        value = row[i];
      }
    }
    throw new LabelledSetException(
        "%s value=%d x=%d y=%d; %s".formatted(what, value, x, y, remedy));
  }

  private static BufferedImage decode(byte[] bytes) throws IOException {
    try (var stream = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
      if (!readers.hasNext()) {
        throw new IIOException("no PNG, JPEG, BMP, GIF or TIFF; bytes=" + bytes.length);
      }
      ImageReader reader = readers.next();
      boolean[] cutShort = new boolean[1];
      // A JPEG that ends early is padded with grey, and only a warning says so.
      reader.addIIOReadWarningListener(
          (_, warning) -> cutShort[0] |= warning.startsWith("Premature end"));
      try {
        reader.setInput(stream, true, true);
        BufferedImage image = reader.read(0);
        if (cutShort[0]) {
          throw new IIOException("it is cut short; bytes=" + bytes.length);
        }
        return image;
      } finally {
        reader.dispose();
      }
    }
  }

  private static String reason(Exception e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String first = e instanceof IIOException && e.getMessage() != null ? e.getMessage() : "" + e;
    return cause == e ? first : first + " (" + cause + ")";
  }
}
