package io.maskstream.trainer.data;

import io.maskstream.painting.ClassPicture;
import io.maskstream.painting.RgbPicture;
import io.maskstream.release.Palette;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Labelled pictures in files, read anew each time.
final class FileSet implements LabelledSet {

  private static final int NAMED = 5;

  /// One picture.
  record Entry(String name, Path picture, Path labels) {}

  private final Palette classes;
  private final LabelValues values;
  private final List<Entry> entries;

  private FileSet(Palette classes, LabelValues values, List<Entry> entries) {
    this.classes = classes;
    this.values = values;
    this.entries = List.copyOf(entries);
  }

  /// @param source what names the pictures, for messages
  /// @throws LabelledSetException if there are none, or files are missing
  static FileSet of(Palette classes, LabelValues values, List<Entry> entries, Path source) {
    if (entries.isEmpty()) {
      throw new LabelledSetException("no pictures: " + source);
    }
    List<Path> missing =
        entries.stream()
            .flatMap(entry -> Stream.of(entry.picture(), entry.labels()))
            .filter(file -> !Files.isRegularFile(file))
            .toList();
    if (!missing.isEmpty()) {
      throw new LabelledSetException(
          "%d of the %d files that %s names are missing: %s%s"
              .formatted(
                  missing.size(),
                  2 * entries.size(),
                  source,
                  missing.stream()
                      .limit(NAMED)
                      .map(Path::toString)
                      .collect(Collectors.joining(", ")),
                  missing.size() > NAMED ? " and others" : ""));
    }
    return new FileSet(classes, values, entries);
  }

  @Override
  public Palette classes() {
    return classes;
  }

  @Override
  public int size() {
    return entries.size();
  }

  @Override
  public String name(int index) {
    return entries.get(index).name();
  }

  @Override
  public LabelledPicture read(int index) {
    Entry entry = entries.get(index);
    RgbPicture picture = PictureFile.read(entry.picture());
    ClassPicture labels = LabelFile.read(entry.labels(), values);
    if (picture.width() != labels.width() || picture.height() != labels.height()) {
      throw new LabelledSetException(
          "picture and labels differ in size: %s is %dx%d the right way up, %s is %dx%d"
              .formatted(
                  entry.picture(),
                  picture.width(),
                  picture.height(),
                  entry.labels(),
                  labels.width(),
                  labels.height()));
    }
    return new LabelledPicture(entry.name(), picture, labels);
  }
}
