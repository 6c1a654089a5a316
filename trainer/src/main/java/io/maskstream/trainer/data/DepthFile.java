package io.maskstream.trainer.data;

import io.maskstream.painting.RgbPicture;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.nio.file.Path;

/// The depth of each pixel in a 16-bit grey PNG, in millimetres; 0 is unknown.
final class DepthFile {

  /// How far a Kinect sees.
  private static final int WHITE = 10_000;

  private DepthFile() {}

  /// One plane of millimetres.
  static Planes plane(Path file) {
    return new Planes(1, millimetres(raster(file)));
  }

  /// A grey picture: 0 is black, ten metres and more are white.
  static RgbPicture grey(Path file) {
    Raster raster = raster(file);
    float[] depth = millimetres(raster);
    byte[] rgb = new byte[3 * depth.length];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) Math.round(255 * Math.min(1, depth[i / 3] / WHITE));
    }
    return new RgbPicture(raster.getWidth(), raster.getHeight(), rgb);
  }

  private static Raster raster(Path file) {
    Raster raster = ImageFile.read(file).image().getRaster();
    if (raster.getNumBands() != 1 || raster.getTransferType() != DataBuffer.TYPE_USHORT) {
      throw new LabelledSetException(
          "depth is no 16-bit grey image: %s channels=%d bits=%d; save millimetres as a 16-bit grey PNG"
              .formatted(file, raster.getNumBands(), raster.getSampleModel().getSampleSize(0)));
    }
    return raster;
  }

  private static float[] millimetres(Raster raster) {
    return raster.getSamples(
        raster.getMinX(),
        raster.getMinY(),
        raster.getWidth(),
        raster.getHeight(),
        0,
        new float[raster.getWidth() * raster.getHeight()]);
  }
}
