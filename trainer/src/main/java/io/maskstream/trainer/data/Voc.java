package io.maskstream.trainer.data;

import io.maskstream.release.Palette;
import io.maskstream.trainer.data.FileSet.Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// PASCAL VOC of any year: `JPEGImages/x.jpg`, `SegmentationClass/x.png`,
/// `ImageSets/Segmentation/SPLIT.txt` (or `SPLIT.txt`, such as the FCN papers' seg11valid) with a
/// name a line; 255 is void.
final class Voc implements Layout {

  static final String LABELS = "SegmentationClass";

  private static final List<String> PLACES =
      List.of(
          "",
          "VOC2012",
          "VOCdevkit/VOC2012",
          "VOC2011",
          "VOCdevkit/VOC2011",
          "TrainVal/VOCdevkit/VOC2011");

  @Override
  public boolean isAt(Path root, String split) {
    return Folders.find(root, PLACES, LABELS).isPresent();
  }

  @Override
  public LabelledSet open(Wanted wanted) {
    Path root = root(wanted.root());
    Path labels = root.resolve(LABELS);
    Palette classes = Folders.classes(root, "voc");
    LabelValues values = wanted.valuesOr(LabelValues.from0(classes.size()));
    Map<String, Path> pictures = Folders.images(root.resolve("JPEGImages"));
    boolean all = wanted.split().isEmpty();
    List<String> names =
        all ? List.copyOf(Folders.images(labels).keySet()) : names(root, wanted.split());
    List<Entry> entries =
        names.stream()
            .map(name ->
                new Entry(
                    name,
                    pictures.getOrDefault(name, root.resolve("JPEGImages/" + name + ".jpg")),
                    Labels.image(labels.resolve(name + ".png"), values)))
            .toList();
    return FileSet.of(classes, entries, all ? labels : Folders.list(lists(root), wanted.split()));
  }

  /// Whether it is there, and has a list of the split.
  static boolean has(Path root, String split) {
    return Folders.find(root, PLACES, LABELS)
        .filter(voc -> Files.isRegularFile(Folders.list(lists(voc), split)))
        .isPresent();
  }

  static Path root(Path root) {
    return Folders.findOrSay(root, PLACES, LABELS, "VOC");
  }

  static List<String> names(Path root, String split) {
    return Folders.names(lists(root), split);
  }

  static List<Path> lists(Path root) {
    Path usual = root.resolve("ImageSets/Segmentation");
    return Files.isDirectory(usual) ? List.of(usual, root) : List.of(root, usual);
  }
}
