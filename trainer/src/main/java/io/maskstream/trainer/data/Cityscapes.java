package io.maskstream.trainer.data;

import io.maskstream.release.Palette;
import io.maskstream.trainer.data.FileSet.Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Cityscapes, fine labels: `leftImg8bit/SPLIT/CITY/x_leftImg8bit.png` and
/// `gtFine/SPLIT/CITY/x_gtFine_labelIds.png` or, where it is there, `x_gtFine_labelTrainIds.png`;
/// 19 of its 34 ids are classes, the others are ignored (cityscapesScripts, labels.py).
final class Cityscapes implements Layout {

  private static final String PICTURES = "leftImg8bit";
  private static final String PICTURE_END = "_leftImg8bit.png";
  private static final int IDS = 34;

  /// The label ids of the classes, in the classes' order.
  private static final List<Integer> CLASS_IDS =
      List.of(7, 8, 11, 12, 13, 17, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 31, 32, 33);

  @Override
  public boolean isAt(Path root, String split) {
    return Files.isDirectory(root.resolve(PICTURES)) && Files.isDirectory(root.resolve("gtFine"));
  }

  @Override
  public LabelledSet open(Wanted wanted) {
    Path root = Folders.findOrSay(wanted.root(), List.of("", "cityscapes"), PICTURES, "Cityscapes");
    Palette classes = Folders.classes(root, "cityscapes");
    LabelValues ids = wanted.valuesOr(labelIds());
    LabelValues trainIds = LabelValues.from0(classes.size());
    Path pictures = root.resolve(PICTURES).resolve(wanted.split());
    Path labels = root.resolve("gtFine").resolve(wanted.split());
    List<Entry> entries =
        Folders.below(pictures, PICTURE_END).stream()
            .map(file -> entry(file, labels.resolve(pictures.relativize(file)), ids, trainIds))
            .toList();
    return FileSet.of(classes, entries, pictures);
  }

  /// @param beside the picture's name in the folder of labels
  private static Entry entry(Path picture, Path beside, LabelValues ids, LabelValues trainIds) {
    String file = picture.getFileName().toString();
    String name = file.substring(0, file.length() - PICTURE_END.length());
    Path ofTrainIds = beside.resolveSibling(name + "_gtFine_labelTrainIds.png");
    Path ofIds = beside.resolveSibling(name + "_gtFine_labelIds.png");
    return new Entry(
        name,
        picture,
        Files.isRegularFile(ofTrainIds)
            ? Labels.image(ofTrainIds, trainIds)
            : Labels.image(ofIds, ids));
  }

  /// License plates have the id -1, which files have as 255.
  static LabelValues labelIds() {
    LabelValues values = LabelValues.none();
    for (int id = 0; id < IDS; id++) {
      int classId = CLASS_IDS.indexOf(id);
      values = classId < 0 ? values.ignoring(id) : values.meaning(id, classId);
    }
    return values;
  }
}
