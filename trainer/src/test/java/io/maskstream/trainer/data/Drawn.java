package io.maskstream.trainer.data;

import io.maskstream.painting.ClassPicture;
import io.maskstream.painting.RgbPicture;
import io.maskstream.release.Palette;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntBinaryOperator;
import javax.imageio.ImageIO;

/// Files and sets made for tests.
final class Drawn {

  private Drawn() {}

  /// Colours by place, 0xRRGGBB.
  static Path rgb(Path file, int width, int height, IntBinaryOperator color) throws IOException {
    return write(file, BufferedImage.TYPE_INT_RGB, width, height, color);
  }

  /// Grey values by place, written to the raster as they are.
  static Path grey(Path file, int width, int height, IntBinaryOperator value) throws IOException {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    return samples(file, image, value);
  }

  /// Grey values of 16 bits by place.
  static Path deep(Path file, int width, int height, IntBinaryOperator value) throws IOException {
    return samples(file, new BufferedImage(width, height, BufferedImage.TYPE_USHORT_GRAY), value);
  }

  /// Palette indices by place; the palette is dark to light, backwards.
  static Path indexed(Path file, int bits, int width, int height, IntBinaryOperator index)
      throws IOException {
    byte[] levels = new byte[1 << bits];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = (byte) (255 - i);
    }
    IndexColorModel colors = new IndexColorModel(bits, levels.length, levels, levels, levels);
    BufferedImage image =
        bits == 8
            ? new BufferedImage(width, height, BufferedImage.TYPE_BYTE_INDEXED, colors)
            : new BufferedImage(width, height, BufferedImage.TYPE_BYTE_BINARY, colors);
    return samples(file, image, index);
  }

  /// A set in memory whose picture i is filled with the value i; its left half is class 0, its
  /// right half class 1.
  static LabelledSet numbered(int count, int width, int height) {
    return of(
        Palette.numbered(2),
        java.util.stream.IntStream.range(0, count)
            .mapToObj(i -> {
              byte[] rgb = new byte[width * height * 3];
              java.util.Arrays.fill(rgb, (byte) i);
              byte[] classes = new byte[width * height];
              for (int at = 0; at < classes.length; at++) {
                classes[at] = (byte) (at % width < width / 2 ? 0 : 1);
              }
              return picture("number-" + i, width, height, rgb, classes);
            })
            .toList());
  }

  static LabelledSet of(Palette classes, List<LabelledPicture> pictures) {
    return new LabelledSet() {
      @Override
      public Palette classes() {
        return classes;
      }

      @Override
      public int size() {
        return pictures.size();
      }

      @Override
      public String name(int index) {
        return pictures.get(index).name();
      }

      @Override
      public LabelledPicture read(int index) {
        return pictures.get(index);
      }
    };
  }

  static LabelledPicture picture(String name, int width, int height, byte[] rgb, byte[] classes) {
    return new LabelledPicture(
        name, new RgbPicture(width, height, rgb), new ClassPicture(width, height, classes));
  }

  /// Colours and labels (0 to 3) by chance.
  static LabelledPicture noise(long seed, int width, int height) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] rgb = new byte[width * height * 3];
    random.nextBytes(rgb);
    byte[] classes = new byte[width * height];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = (byte) random.nextInt(4);
    }
    return picture("noise-" + seed, width, height, rgb, classes);
  }

  private static Path write(Path file, int type, int width, int height, IntBinaryOperator color)
      throws IOException {
    BufferedImage image = new BufferedImage(width, height, type);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, color.applyAsInt(x, y));
      }
    }
    return save(file, image);
  }

  private static Path samples(Path file, BufferedImage image, IntBinaryOperator value)
      throws IOException {
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        image.getRaster().setSample(x, y, 0, value.applyAsInt(x, y));
      }
    }
    return save(file, image);
  }

  private static Path save(Path file, BufferedImage image) throws IOException {
    Files.createDirectories(file.getParent());
    String name = file.toString();
    String ending = name.substring(name.lastIndexOf('.') + 1);
    if (!ImageIO.write(image, ending, file.toFile())) {
      throw new IOException("not written: " + file);
    }
    return file;
  }
}
