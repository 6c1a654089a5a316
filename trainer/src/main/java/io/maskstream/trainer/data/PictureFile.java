package io.maskstream.trainer.data;

import io.maskstream.painting.RgbPicture;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.nio.file.Path;

/// A picture in a file, as R G B bytes the right way up, whatever its colours are stored as. Alpha
/// and colour profiles are left aside; 16 bits are refused, for nothing says how they become 8.
final class PictureFile {

  private PictureFile() {}

  /// @throws LabelledSetException if the file cannot be read or has 16 bits a channel
  static RgbPicture read(Path file) {
    ImageFile found = ImageFile.read(file);
    BufferedImage image = found.image();
    ImageFile.refuseSixteenBits(
        image.getRaster(),
        "picture has 16 bits a channel: " + file,
        "8 are read; save it again with 8");
    byte[] rgb = PrintColors.areIn(image) ? PrintColors.rgb(found) : rgb(image, file);
    RgbPicture stored = new RgbPicture(image.getWidth(), image.getHeight(), rgb);
    return ExifOrientation.of(found.bytes()).upright(stored);
  }

  private static byte[] rgb(BufferedImage image, Path file) {
    Raster raster = image.getRaster();
    ColorModel model = image.getColorModel();
    byte[] rgb = new byte[raster.getWidth() * raster.getHeight() * 3];
    int[] row = new int[raster.getWidth() * raster.getNumBands()];
    for (int y = 0, at = 0; y < raster.getHeight(); y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, raster.getWidth(), 1, row);
      switch (raster.getNumBands()) {
        case 1 -> {
          for (int value : row) {
            // BufferedImage.getRGB would take grey for linear light and brighten it.
            int color =
                model instanceof IndexColorModel colors ? colors.getRGB(value) : value * 0x010101;
            rgb[at++] = (byte) (color >> 16);
            rgb[at++] = (byte) (color >> 8);
            rgb[at++] = (byte) color;
          }
        }
        case 2 -> {
          for (int i = 0; i < row.length; i += 2) {
            byte grey = (byte) row[i];
            rgb[at++] = grey;
            rgb[at++] = grey;
            rgb[at++] = grey;
          }
        }
        case 3, 4 -> {
          for (int i = 0; i < row.length; i += raster.getNumBands()) {
            rgb[at++] = (byte) row[i];
            rgb[at++] = (byte) row[i + 1];
            rgb[at++] = (byte) row[i + 2];
          }
        }
        default ->
            throw new LabelledSetException(
                "picture has %d channels: %s; save it as RGB or grey"
                    .formatted(raster.getNumBands(), file));
      }
    }
    return rgb;
  }
}
