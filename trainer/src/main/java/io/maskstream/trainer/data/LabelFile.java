package io.maskstream.trainer.data;

import io.maskstream.painting.ClassPicture;
import java.awt.image.Raster;
import java.nio.file.Path;

/// The labels of a picture in an image file: an indexed image's indices, whatever its colours are,
/// or a grey image's values.
final class LabelFile {

  private LabelFile() {}

  /// @throws LabelledSetException if the file cannot be read, is in colour, has 16 bits, or has a
  ///   value that means nothing
  static ClassPicture read(Path file, LabelValues values) {
    Raster raster = ImageFile.read(file).image().getRaster();
    if (raster.getNumBands() > 2) {
      throw new LabelledSetException(
          "labels are in colour: %s has %d channels; labels are class ids, as a palette or 8-bit grey PNG"
              .formatted(file, raster.getNumBands()));
    }
    ImageFile.refuseSixteenBits(
        raster,
        "labels have 16 bits: " + file,
        "class ids are saved as a palette or 8-bit grey PNG; a file of instance ids is none of class ids");
    return values.classes(
        file,
        raster.getWidth(),
        raster.getHeight(),
        (x, y) -> raster.getSample(raster.getMinX() + x, raster.getMinY() + y, 0));
  }
}
