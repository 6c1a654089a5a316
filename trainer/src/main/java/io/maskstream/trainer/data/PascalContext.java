package io.maskstream.trainer.data;

import io.maskstream.release.Palette;
import io.maskstream.trainer.data.FileSet.Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// PASCAL-Context (Mottaghi et al. 2014), which labels all of VOC 2010's pictures: `trainval/x.mat`
/// as published, or `SegmentationClassContext/x.png` as mmsegmentation converts it. Of its 459
/// labels 59 are classes, the others are background: class 0 of 60, or ignored.
///
/// Both count otherwise than the published list of classes: the MATLAB files by the 459 labels'
/// numbers, where some names differ (table, bedclothes and cloth are the list's diningtable,
/// bedcloth and clothes), the PNGs by the rank of those numbers, which is the alphabet's order.
final class PascalContext implements Layout {

  private static final String IMAGES = "SegmentationClassContext";
  private static final String MATLAB = "trainval";
  private static final int LABELS = 459;

  /// The numbers of the 59 classes among the 459 labels, in the classes' order.
  private static final List<Integer> NUMBERS =
      List.of(
          2, 23, 25, 31, 34, 45, 59, 65, 72, 98, 397, 113, 207, 258, 284, 308, 347, 368, 416, 427,
          9, 18, 22, 33, 44, 46, 68, 80, 85, 104, 115, 144, 158, 159, 162, 187, 189, 220, 232, 259,
          260, 105, 296, 355, 295, 324, 326, 349, 354, 360, 366, 19, 415, 420, 424, 440, 445, 454,
          458);

  private static final List<String> PICTURE_PLACES =
      List.of("", "VOC2010", "VOCdevkit/VOC2010", "../VOC2010", "../VOCdevkit/VOC2010", "VOC2012");

  private static final List<String> LABEL_PLACES =
      List.of(
          "",
          "VOC2010",
          "VOCdevkit/VOC2010",
          "pascal-context",
          "PASCAL-Context",
          "pascal_context",
          "context");

  private final boolean background;

  /// @param background whether it is a class
  PascalContext(boolean background) {
    this.background = background;
  }

  @Override
  public boolean isAt(Path root, String split) {
    return background
        && !Files.isDirectory(root.resolve(Voc.LABELS))
        && (Files.isDirectory(root.resolve(IMAGES)) || Files.isDirectory(root.resolve(MATLAB)))
        && Folders.find(root, PICTURE_PLACES, "JPEGImages").isPresent();
  }

  @Override
  public LabelledSet open(Wanted wanted) {
    Path voc =
        Folders.findOrSay(
            wanted.root(), PICTURE_PLACES, "JPEGImages", "VOC 2010, whose pictures these are,");
    boolean images = Folders.find(wanted.root(), LABEL_PLACES, IMAGES).isPresent();
    String folder = images ? IMAGES : MATLAB;
    Path home = Folders.findOrSay(wanted.root(), LABEL_PLACES, folder, "PASCAL-Context");
    Path labels = home.resolve(folder);
    LabelValues values = wanted.valuesOr(images ? ranks(background) : numbers(background));
    Palette classes = Folders.classes(home, background ? "pascal-context" : "pascal-context-59");
    List<Path> lists =
        Stream.of(
                voc.resolve("ImageSets/SegmentationContext"),
                home,
                wanted.root(),
                voc.resolve("ImageSets/Main"))
            .toList();
    boolean all = wanted.split().isEmpty();
    List<String> names =
        all
            ? List.copyOf(Folders.files(labels, images ? "png" : "mat").keySet())
            : Folders.names(lists, wanted.split());
    List<Entry> entries =
        names.stream()
            .map(name ->
                new Entry(
                    name,
                    voc.resolve("JPEGImages/" + name + ".jpg"),
                    images
                        ? Labels.image(labels.resolve(name + ".png"), values)
                        : Labels.matlab(labels.resolve(name + ".mat"), "LabelMap", values)))
            .toList();
    return FileSet.of(classes, entries, all ? labels : Folders.list(lists, wanted.split()));
  }

  /// By the numbers of the 459 labels.
  static LabelValues numbers(boolean background) {
    LabelValues values = LabelValues.none();
    for (int number = 0; number <= LABELS; number++) {
      values = meaning(values, number, NUMBERS.indexOf(number), background);
    }
    return values;
  }

  /// By the rank of the classes' numbers, 1 to 59.
  static LabelValues ranks(boolean background) {
    List<Integer> sorted = NUMBERS.stream().sorted().toList();
    LabelValues values = meaning(LabelValues.none(), 0, -1, background);
    for (int rank = 1; rank <= sorted.size(); rank++) {
      values = meaning(values, rank, NUMBERS.indexOf(sorted.get(rank - 1)), background);
    }
    return values;
  }

  /// @param place among the 59 classes; negative for background
  private static LabelValues meaning(LabelValues values, int value, int place, boolean background) {
    if (background) {
      return values.meaning(value, place + 1);
    }
    return place < 0 ? values.ignoring(value) : values.meaning(value, place);
  }
}
