package io.maskstream.trainer.data;

import io.maskstream.release.Palette;
import io.maskstream.trainer.data.FileSet.Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The Semantic Boundaries Dataset (Hariharan et al. 2011), which labels more of VOC's pictures:
/// `dataset/img/x.jpg`, `dataset/cls/x.mat`, `dataset/train.txt` (8,498 names) and `val.txt`.
/// Splits that it has not are VOC's where that lies beside, for the FCN papers learn on SBD's train
/// and judge on VOC's seg11valid.
final class Sbd implements Layout {

  static final List<String> PLACES =
      List.of(
          "",
          "dataset",
          "VOCaug/dataset",
          "VOCdevkit/VOCaug/dataset",
          "benchmark_RELEASE/dataset",
          "SBD/dataset",
          "sbdd/dataset",
          "../VOCaug/dataset");

  private static final String LABELS = "cls";
  private static final String VARIABLE = "GTcls.Segmentation";

  private final Voc voc = new Voc();

  @Override
  public boolean isAt(Path root, String split) {
    return Folders.find(root, PLACES, LABELS).isPresent();
  }

  @Override
  public LabelledSet open(Wanted wanted) {
    Path root = root(wanted.root());
    boolean own = Files.isRegularFile(Folders.list(List.of(root), wanted.split()));
    if (!own && Voc.has(wanted.root(), wanted.split())) {
      return voc.open(wanted);
    }
    Palette classes = Folders.classes(root, "voc");
    LabelValues values = wanted.valuesOr(LabelValues.from0(classes.size()));
    boolean all = wanted.split().isEmpty();
    List<String> names =
        all
            ? List.copyOf(Folders.files(root.resolve(LABELS), "mat").keySet())
            : Folders.names(List.of(root), wanted.split());
    List<Entry> entries =
        names.stream()
            .map(name ->
                new Entry(name, root.resolve("img/" + name + ".jpg"), labels(root, name, values)))
            .toList();
    return FileSet.of(
        classes, entries, all ? root.resolve(LABELS) : Folders.list(List.of(root), wanted.split()));
  }

  static Path root(Path root) {
    return Folders.findOrSay(root, PLACES, LABELS, "SBD");
  }

  static Labels labels(Path root, String name, LabelValues values) {
    return Labels.matlab(root.resolve(LABELS + "/" + name + ".mat"), VARIABLE, values);
  }
}
