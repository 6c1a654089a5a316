package io.maskstream.trainer.solver;

import io.maskstream.painting.ClassPicture;
import io.maskstream.painting.RgbPicture;
import io.maskstream.release.Palette;
import io.maskstream.trainer.data.LabelledPicture;
import io.maskstream.trainer.data.LabelledSet;
import java.util.Random;

/// Bright and dark boxes on a noisy ground, with a frame that has no label; small enough to learn
/// in seconds.
public record TinySet(int size, long seed) implements LabelledSet {

  public static final int SIDE = 32;

  @Override
  public Palette classes() {
    return Palette.numbered(3);
  }

  @Override
  public String name(int index) {
    return "tiny-" + seed + "-" + index;
  }

  @Override
  public LabelledPicture read(int index) {
    Random random = new Random(1000 * seed + index);
    byte[] rgb = new byte[3 * SIDE * SIDE];
    byte[] labels = new byte[SIDE * SIDE];
    int[] box = {random.nextInt(4, 12), random.nextInt(4, 12), random.nextInt(18, 28)};
    for (int pixel = 0; pixel < labels.length; pixel++) {
      int x = pixel % SIDE;
      int y = pixel / SIDE;
      int id = x > box[0] && x < box[2] && y > box[1] && y < box[2] ? 1 + index % 2 : 0;
      for (int channel = 0; channel < 3; channel++) {
        int base = id == 0 ? 100 : id == 1 ? 180 + 10 * channel : 40 - 10 * channel;
        rgb[3 * pixel + channel] = (byte) (base + random.nextInt(-15, 16));
      }
      labels[pixel] = (byte) (x == 0 || y == 0 ? LabelledPicture.IGNORE : id);
    }
    return new LabelledPicture(
        name(index), new RgbPicture(SIDE, SIDE, rgb), new ClassPicture(SIDE, SIDE, labels));
  }
}
