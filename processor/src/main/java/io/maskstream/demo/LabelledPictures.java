package io.maskstream.demo;

import io.maskstream.painting.ClassColors;
import io.maskstream.painting.ClassPicture;
import io.maskstream.painting.MaskFiles;
import io.maskstream.painting.RgbPicture;
import io.maskstream.release.Palette;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/// A folder of labelled pictures as `maskstream train fit --data` reads it: `images/train`,
/// `labels/train`, the same for `val`, and `classes.txt`. Not thread-safe.
final class LabelledPictures {

  /// Every so many pictures one is kept to judge by.
  private static final int JUDGED = 5;

  private final Path folder;
  private final ClassColors colors;
  private int count;

  /// @param folder is made, and its pictures are replaced one by one
  LabelledPictures(Path folder, Palette classes) {
    this.folder = folder;
    this.colors = ClassColors.of(classes.colors());
    try {
      for (String split : new String[] {"train", "val"}) {
        Files.createDirectories(folder.resolve("images").resolve(split));
        Files.createDirectories(folder.resolve("labels").resolve(split));
      }
      Files.write(folder.resolve("classes.txt"), classes.names());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write labelled pictures to " + folder, e);
    }
  }

  int count() {
    return count;
  }

  Path folder() {
    return folder;
  }

  void add(RgbPicture picture, ClassPicture truth) {
    String split = ++count % JUDGED == 0 ? "val" : "train";
    String file = String.format(Locale.ROOT, "%s/%04d.png", split, count);
    try {
      Files.write(folder.resolve("images/" + file), MaskFiles.png(picture.image()));
      Files.write(folder.resolve("labels/" + file), MaskFiles.palettePng(truth, colors));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write labelled pictures to " + folder, e);
    }
  }
}
