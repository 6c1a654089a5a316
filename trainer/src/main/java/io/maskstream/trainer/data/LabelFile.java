package io.maskstream.trainer.data;

import io.maskstream.painting.ClassPicture;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.nio.file.Path;

/// The labels of a picture in a file: an indexed image's indices, whatever its colours are, or a
/// grey image's values.
final class LabelFile {

  private LabelFile() {}

  /// @throws LabelledSetException if the file cannot be read, is in colour, or has a value that
  ///   means nothing
  static ClassPicture read(Path file, LabelValues values) {
    BufferedImage image = ImageFile.read(file).image();
    Raster raster = image.getRaster();
    if (raster.getNumBands() > 2) {
      throw new LabelledSetException(
          "labels are in colour: %s has %d channels; labels are class ids, as a palette or 8-bit grey PNG"
              .formatted(file, raster.getNumBands()));
    }
    int width = raster.getWidth();
    byte[] classes = new byte[width * raster.getHeight()];
    int[] row = new int[width];
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getSamples(raster.getMinX(), raster.getMinY() + y, width, 1, 0, row);
      for (int x = 0; x < width; x++) {
        int meaning = values.meaning(row[x]);
        if (meaning < 0) {
          throw new LabelledSetException(
              "label is out of range: %s value=%d x=%d y=%d; allowed are %s"
                  .formatted(file, row[x], x, y, values));
        }
        classes[y * width + x] = (byte) meaning;
      }
    }
    return new ClassPicture(width, raster.getHeight(), classes);
  }
}
