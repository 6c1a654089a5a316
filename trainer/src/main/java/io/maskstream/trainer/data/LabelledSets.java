package io.maskstream.trainer.data;

import io.maskstream.release.Palette;
import io.maskstream.trainer.data.FileSet.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Labelled pictures in folders, by the layouts that are in use:
///
/// - **VOC**: `JPEGImages/x.jpg`, `SegmentationClass/x.png`, `ImageSets/Segmentation/SPLIT.txt`
///   with a name a line; 255 is void.
/// - **CamVid**, SegNet's copy: `SPLIT/x.png`, `SPLITannot/x.png`, and `SPLIT.txt` with a pair of
///   paths a line, whatever machine they are of; 11 classes, 11 is void.
/// - **ADE20K**: `images/training/x.jpg`, `annotations/training/x.png`, and the same in
///   `validation`, also known as train and val; classes count from 1, 0 is unlabelled.
/// - **plain**: `images/x.jpg` and `labels/x.png`, or `images/SPLIT/x.jpg` and
///   `labels/SPLIT/x.png`, or `SPLIT.txt` with a name a line; `classes.txt` with a class a line.
///
/// Where `classes.txt` is there, it names the classes in any layout.
public final class LabelledSets {

  private static final Set<String> ENDINGS =
      Set.of("png", "jpg", "jpeg", "bmp", "gif", "tif", "tiff");

  private static final int CAMVID_VOID = 11;

  private static final Map<String, String> ADE20K_SPLITS =
      Map.of("train", "training", "val", "validation");

  private LabelledSets() {}

  /// Recognises the layout.
  ///
  /// @param split such as train or val; empty for all that is there, which CamVid has not
  /// @throws LabelledSetException if there is no known layout, no such split, or files are missing
  public static LabelledSet open(Path root, String split) {
    return open(root, split, null);
  }

  /// @param values what the values in label files mean; null for what is usual in the layout
  public static LabelledSet open(Path root, String split, @Nullable LabelValues values) {
    if (Files.isDirectory(root.resolve("SegmentationClass"))) {
      return voc(root, split, values);
    }
    if (Files.isDirectory(root.resolve("images"))
        && Files.isDirectory(root.resolve("annotations"))
        && !Files.isDirectory(root.resolve("labels"))) {
      return ade20k(root, split, values);
    }
    if (Files.isDirectory(root.resolve("images"))) {
      return plain(root, split, values);
    }
    if (Files.isDirectory(root.resolve(split + "annot"))
        || Files.isRegularFile(root.resolve(split + ".txt"))) {
      return camVid(root, split, values);
    }
    throw new LabelledSetException(
        "no labelled pictures: %s split=%s; there must be SegmentationClass (VOC), %sannot or %s.txt (CamVid), images and annotations (ADE20K), or images and labels"
            .formatted(root, split, split, split));
  }

  private static LabelledSet voc(Path root, String split, @Nullable LabelValues values) {
    Palette classes = classes(root, "voc");
    Path labels = root.resolve("SegmentationClass");
    Map<String, Path> pictures = byName(root.resolve("JPEGImages"));
    Path list = root.resolve("ImageSets/Segmentation/" + split + ".txt");
    List<String> names = split.isEmpty() ? List.copyOf(byName(labels).keySet()) : lines(list);
    List<Entry> entries =
        names.stream()
            .map(name ->
                new Entry(
                    name,
                    pictures.getOrDefault(name, root.resolve("JPEGImages/" + name + ".jpg")),
                    labels.resolve(name + ".png")))
            .toList();
    return FileSet.of(
        classes,
        values == null ? LabelValues.from0(classes.size()) : values,
        entries,
        split.isEmpty() ? labels : list);
  }

  private static LabelledSet camVid(Path root, String split, @Nullable LabelValues values) {
    Palette classes = classes(root, "camvid");
    Path list = root.resolve(split + ".txt");
    List<Entry> entries = new ArrayList<>();
    if (Files.isRegularFile(list)) {
      for (String line : lines(list)) {
        String[] pair = line.split("\\s+");
        if (pair.length != 2) {
          throw new LabelledSetException(
              "line is no pair of a picture and its labels: %s: %s".formatted(list, line));
        }
        Path picture = rerooted(root, pair[0]);
        entries.add(new Entry(name(picture), picture, rerooted(root, pair[1])));
      }
    } else {
      byName(root.resolve(split))
          .forEach((name, file) ->
              entries.add(new Entry(name, file, root.resolve(split + "annot/" + name + ".png"))));
    }
    LabelValues usual = LabelValues.from0(classes.size());
    if (classes.size() == CAMVID_VOID) {
      usual = usual.ignoring(CAMVID_VOID);
    }
    return FileSet.of(
        classes,
        values == null ? usual : values,
        entries,
        Files.isRegularFile(list) ? list : root.resolve(split));
  }

  private static LabelledSet ade20k(Path root, String split, @Nullable LabelValues values) {
    Palette classes = classes(root, "ade20k");
    String folder = ADE20K_SPLITS.getOrDefault(split, split);
    Path pictures = root.resolve("images").resolve(folder);
    Path labels = root.resolve("annotations").resolve(folder);
    Map<String, Path> labelFiles = byName(labels);
    List<Entry> entries = new ArrayList<>();
    byName(pictures)
        .forEach((name, file) ->
            entries.add(
                new Entry(
                    name, file, labelFiles.getOrDefault(name, labels.resolve(name + ".png")))));
    return FileSet.of(
        classes, values == null ? LabelValues.from1(classes.size()) : values, entries, pictures);
  }

  private static LabelledSet plain(Path root, String split, @Nullable LabelValues values) {
    Path file = root.resolve("classes.txt");
    if (!Files.isRegularFile(file)) {
      throw new LabelledSetException(
          "classes are not named: %s is missing; write one class a line, from id 0 on"
              .formatted(file));
    }
    Palette classes = classes(root, "");
    boolean divided = !split.isEmpty() && Files.isDirectory(root.resolve("images/" + split));
    Path pictures = root.resolve(divided ? "images/" + split : "images");
    Path labels = root.resolve(divided ? "labels/" + split : "labels");
    Map<String, Path> pictureFiles = byName(pictures);
    Map<String, Path> labelFiles = byName(labels);
    boolean listed = !divided && !split.isEmpty();
    Path list = root.resolve(split + ".txt");
    List<String> names = listed ? lines(list) : List.copyOf(pictureFiles.keySet());
    List<Entry> entries =
        names.stream()
            .map(name -> name(Path.of(name)))
            .map(name ->
                new Entry(
                    name,
                    pictureFiles.getOrDefault(name, pictures.resolve(name + ".jpg")),
                    labelFiles.getOrDefault(name, labels.resolve(name + ".png"))))
            .toList();
    return FileSet.of(
        classes,
        values == null ? LabelValues.from0(classes.size()) : values,
        entries,
        listed ? list : pictures);
  }

  private static Palette classes(Path root, String usual) {
    Path file = root.resolve("classes.txt");
    return Files.isRegularFile(file) ? Palette.read(file) : Palette.known(usual);
  }

  /// A path of another machine under this root: its longest end that is there.
  private static Path rerooted(Path root, String path) {
    List<String> parts =
        Stream.of(path.replace('\\', '/').split("/")).filter(part -> !part.isEmpty()).toList();
    for (int first = 0; first < parts.size(); first++) {
      Path file = root.resolve(String.join("/", parts.subList(first, parts.size())));
      if (Files.isRegularFile(file)) {
        return file;
      }
    }
    return root.resolve(
        String.join("/", parts.subList(Math.max(0, parts.size() - 2), parts.size())));
  }

  private static List<String> lines(Path list) {
    try (Stream<String> lines = Files.lines(list)) {
      return lines.map(String::strip).filter(line -> !line.isEmpty()).toList();
    } catch (IOException e) {
      throw new LabelledSetException(
          "list of pictures cannot be read: %s; there are %s"
              .formatted(list, others(list.getParent())),
          e);
    }
  }

  private static String others(@Nullable Path folder) {
    if (folder == null || !Files.isDirectory(folder)) {
      return "none";
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".txt") || Files.isDirectory(folder.resolve(name)))
          .sorted()
          .collect(Collectors.joining(", "));
    } catch (IOException e) {
      return "none that can be listed";
    }
  }

  /// The image files of a folder by their name without its ending.
  private static Map<String, Path> byName(Path folder) {
    Map<String, Path> byName = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : (Iterable<Path>) files.filter(LabelledSets::isImage)::iterator) {
        Path other = byName.put(name(file), file);
        if (other != null) {
          throw new LabelledSetException(
              "two files have one name: %s and %s".formatted(other, file));
        }
      }
      return byName;
    } catch (IOException e) {
      throw new LabelledSetException(
          "folder cannot be read: %s; there are %s".formatted(folder, others(folder.getParent())),
          e);
    }
  }

  private static boolean isImage(Path file) {
    String name = file.getFileName().toString();
    return ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
  }

  private static String name(Path file) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    boolean ends = dot > 0 && ENDINGS.contains(name.substring(dot + 1).toLowerCase(Locale.ROOT));
    return ends ? name.substring(0, dot) : name;
  }
}
