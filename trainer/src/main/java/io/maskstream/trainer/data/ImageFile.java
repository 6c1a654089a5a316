package io.maskstream.trainer.data;

import java.awt.image.BufferedImage;
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

  /// @throws LabelledSetException if the file is missing, cut short or of no known kind
  static ImageFile read(Path file) {
    try {
      byte[] bytes = Files.readAllBytes(file);
      return new ImageFile(bytes, decode(bytes));
    } catch (IOException | RuntimeException e) { // broken files make ImageIO throw either
      throw new LabelledSetException("cannot read image %s: %s".formatted(file, reason(e)), e);
    }
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
