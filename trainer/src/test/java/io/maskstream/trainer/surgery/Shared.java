package io.maskstream.trainer.surgery;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;

/// Real networks and a real picture, which are no part of the project.
final class Shared {

  private Shared() {}

  static Path model(String name) {
    return file("models/" + name + ".onnx");
  }

  /// A test that asks for a file is skipped where there is none.
  static Path file(String name) {
    Path file = Path.of(System.getProperty("maskstream.shared", "shared")).resolve(name);
    assumeTrue(Files.exists(file), () -> "no real material at " + file);
    return file;
  }

  /// The upper left of a street in planes of RGB, 0 to 255.
  static float[] street(int height, int width) {
    Path file = file("camvid/val/0016E5_07959.png");
    try {
      BufferedImage picture = ImageIO.read(file.toFile());
      float[] planes = new float[3 * height * width];
      for (int i = 0; i < planes.length; i++) {
        int pixel = i % (height * width);
        int x = pixel % width % picture.getWidth();
        int y = pixel / width % picture.getHeight();
        planes[i] = picture.getRGB(x, y) >> (16 - 8 * (i / (height * width))) & 0xff;
      }
      return planes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
