package io.maskstream.trainer.data;

import io.maskstream.painting.ClassPicture;
import io.maskstream.painting.RgbPicture;
import io.maskstream.release.Palette;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Labelled pictures in files, read anew each time.
final class FileSet implements LabelledSet {

  private static final int NAMED = 5;

  /// One picture.
  ///
  /// @param further labels by other lists of classes, by their names
  /// @param planes file of planes besides colours; the picture's own where there are none
  record Entry(String name, Path picture, Labels labels, Map<String, Labels> further, Path planes) {

    Entry(String name, Path picture, Labels labels) {
      this(name, picture, labels, Map.of(), picture);
    }

    Stream<Path> files() {
      return Stream.of(
              Stream.of(picture, labels.file(), planes),
              further.values().stream().map(Labels::file))
          .flatMap(files -> files);
    }
  }

  /// How files of pictures become pictures.
  ///
  /// @param others how many planes there are besides colours
  record Reading(Function<Path, RgbPicture> picture, int others, Function<Path, Planes> planes) {

    static final Reading COLORS = new Reading(PictureFile::read, 0, _ -> Planes.NONE);
  }

  private final Palette classes;
  private final Map<String, Palette> further;
  private final Set<Integer> uncounted;
  private final Reading reading;
  private final List<Entry> entries;

  private FileSet(
      Palette classes,
      Map<String, Palette> further,
      Set<Integer> uncounted,
      Reading reading,
      List<Entry> entries) {
    this.classes = classes;
    this.further = further;
    this.uncounted = uncounted;
    this.reading = reading;
    this.entries = entries;
  }

  /// Pictures of colours, labelled by one list of classes.
  ///
  /// @param source what names the pictures, for messages
  /// @throws LabelledSetException if there are none, or files are missing
  static FileSet of(Palette classes, List<Entry> entries, Path source) {
    if (entries.isEmpty()) {
      throw new LabelledSetException("no pictures: " + source);
    }
    List<Path> files = entries.stream().flatMap(Entry::files).distinct().toList();
    List<Path> missing = files.stream().filter(file -> !Files.isRegularFile(file)).toList();
    if (!missing.isEmpty()) {
      throw new LabelledSetException(
          "%d of the %d files that %s names are missing: %s%s"
              .formatted(
                  missing.size(),
                  files.size(),
                  source,
                  missing.stream()
                      .limit(NAMED)
                      .map(Path::toString)
                      .collect(Collectors.joining(", ")),
                  missing.size() > NAMED ? " and others" : ""));
    }
    return new FileSet(classes, Map.of(), Set.of(), Reading.COLORS, List.copyOf(entries));
  }

  /// The same with other lists of classes.
  FileSet labelledFurther(Map<String, Palette> lists) {
    return new FileSet(classes, Map.copyOf(lists), uncounted, reading, entries);
  }

  /// The same with classes that means leave out.
  FileSet withoutCounting(Set<Integer> ids) {
    return new FileSet(classes, further, Set.copyOf(ids), reading, entries);
  }

  /// The same with pictures that are read in another way.
  FileSet readBy(Reading otherwise) {
    return new FileSet(classes, further, uncounted, otherwise, entries);
  }

  @Override
  public Palette classes() {
    return classes;
  }

  @Override
  public Map<String, Palette> further() {
    return further;
  }

  @Override
  public int otherPlanes() {
    return reading.others();
  }

  @Override
  public Set<Integer> uncounted() {
    return uncounted;
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
    RgbPicture picture = reading.picture().apply(entry.picture());
    ClassPicture labels = sized(entry.labels(), entry.picture(), picture);
    Map<String, ClassPicture> others = new HashMap<>();
    entry
        .further()
        .forEach((list, source) -> others.put(list, sized(source, entry.picture(), picture)));
    Planes planes = reading.planes().apply(entry.planes());
    if (planes.values().length != (long) planes.count() * picture.width() * picture.height()) {
      throw new LabelledSetException(
          "picture and its other planes differ in size: %s is %dx%d, %s has %d pixels"
              .formatted(
                  entry.picture(),
                  picture.width(),
                  picture.height(),
                  entry.planes(),
                  planes.values().length / planes.count()));
    }
    return new LabelledPicture(entry.name(), picture, planes, labels, others);
  }

  private static ClassPicture sized(Labels source, Path file, RgbPicture picture) {
    ClassPicture labels = source.read();
    if (picture.width() != labels.width() || picture.height() != labels.height()) {
      throw new LabelledSetException(
          "picture and labels differ in size: %s is %dx%d the right way up, %s is %dx%d"
              .formatted(
                  file,
                  picture.width(),
                  picture.height(),
                  source.file(),
                  labels.width(),
                  labels.height()));
    }
    return labels;
  }
}
