package io.maskstream.trainer.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/// Lays files in folders, for tests.
final class Laid {

  static final int WIDTH = 8;
  static final int HEIGHT = 6;

  private Laid() {}

  /// A picture of one size for all.
  static Path picture(Path file) throws IOException {
    return Drawn.rgb(file, WIDTH, HEIGHT, (x, y) -> 0x102030);
  }

  static Path text(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  static List<String> names(LabelledSet set) {
    return IntStream.range(0, set.size()).mapToObj(set::name).toList();
  }

  /// The first row of a picture's labels, 0 to 255.
  static List<Integer> firstRow(LabelledPicture picture) {
    return IntStream.range(0, picture.width())
        .map(x -> picture.labels().classes()[x] & 0xff)
        .boxed()
        .toList();
  }
}
