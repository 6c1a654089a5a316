package io.maskstream.proto;

import java.util.Random;

/// Class maps like those of street scenes, the same ones in every run.
final class Scenes {

  static final int WIDTH = 1920;
  static final int HEIGHT = 1080;

  private Scenes() {}

  /// A good network's mask: some dozens of objects with ragged borders; 1080p, about 12,000 runs.
  static byte[] street() {
    Random random = new Random(1);
    byte[] classes = new byte[WIDTH * HEIGHT];
    for (int object = 0; object < 51; object++) {
      int height = 40 + random.nextInt(200);
      paint(
          classes,
          1 + random.nextInt(18),
          random.nextInt(WIDTH),
          random.nextInt(HEIGHT),
          40 + random.nextInt(300),
          height,
          random);
    }
    return classes;
  }

  /// A poor network's mask: the same street with specks of one to six pixels; about 37,000 runs.
  static byte[] specked() {
    Random random = new Random(2);
    byte[] classes = street();
    for (int speck = 0; speck < 13_500; speck++) {
      int at = random.nextInt(classes.length - 6);
      byte classId = (byte) random.nextInt(19);
      for (int pixel = random.nextInt(6); pixel >= 0; pixel--) {
        classes[at + pixel] = classId;
      }
    }
    return classes;
  }

  /// An ellipse whose border wanders by a few pixels from row to row.
  private static void paint(
      byte[] classes, int classId, int cx, int cy, int radiusX, int radiusY, Random random) {
    for (int y = Math.max(0, cy - radiusY); y < Math.min(HEIGHT, cy + radiusY); y++) {
      double slope = (double) (y - cy) / radiusY;
      int half = (int) (radiusX * Math.sqrt(1 - slope * slope)) + random.nextInt(5);
      int from = Math.max(0, cx - half);
      int to = Math.min(WIDTH, cx + half + random.nextInt(5));
      for (int x = from; x < to; x++) {
        classes[y * WIDTH + x] = (byte) classId;
      }
    }
  }
}
