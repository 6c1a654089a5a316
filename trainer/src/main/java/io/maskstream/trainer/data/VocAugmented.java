package io.maskstream.trainer.data;

import io.maskstream.release.Palette;
import io.maskstream.trainer.data.FileSet.Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// VOC 2012 whose train split has SBD's pictures as well, less those of VOC's val: 10,582. Where
/// VOC itself labels a picture, its labels count.
///
/// SBD lies beside VOC as it was published, or as PNGs in `SegmentationClassAug`, listed by
/// `trainaug.txt`, `train_aug.txt`, or `aug.txt` for those that VOC's train.txt lacks.
final class VocAugmented implements Layout {

  private static final String LABELS = "SegmentationClassAug";
  private static final List<String> WHOLE_LISTS = List.of("trainaug", "train_aug");

  private final Voc voc = new Voc();

  /// Only by its name: the folders are VOC's.
  @Override
  public boolean isAt(Path root, String split) {
    return false;
  }

  @Override
  public LabelledSet open(Wanted wanted) {
    if (!wanted.split().equals("train")) {
      return voc.open(wanted);
    }
    Path root = Voc.root(wanted.root());
    Palette classes = Folders.classes(root, "voc");
    LabelValues values = wanted.valuesOr(LabelValues.from0(classes.size()));
    Set<String> own = new LinkedHashSet<>(Voc.names(root, "train"));
    boolean images = Files.isDirectory(root.resolve(LABELS));
    Set<String> names = images ? listed(root, own) : ofBoth(root, own, wanted.root());
    List<Entry> entries =
        names.stream()
            .map(name ->
                new Entry(
                    name,
                    root.resolve("JPEGImages/" + name + ".jpg"),
                    labels(wanted.root(), root, name, own.contains(name), images, values)))
            .toList();
    return FileSet.of(classes, entries, images ? root.resolve(LABELS) : Sbd.root(wanted.root()));
  }

  private static Labels labels(
      Path wanted, Path root, String name, boolean own, boolean images, LabelValues values) {
    Path ofVoc = root.resolve(Voc.LABELS + "/" + name + ".png");
    if (own && Files.isRegularFile(ofVoc)) {
      return Labels.image(ofVoc, values);
    }
    return images
        ? Labels.image(root.resolve(LABELS + "/" + name + ".png"), values)
        : Sbd.labels(Sbd.root(wanted), name, values);
  }

  private static Set<String> listed(Path root, Set<String> own) {
    List<Path> folders =
        Stream.concat(
                Voc.lists(root).stream(), Stream.of(root.resolve("ImageSets/SegmentationAug")))
            .toList();
    Optional<String> whole =
        WHOLE_LISTS.stream()
            .filter(list -> Files.isRegularFile(Folders.list(folders, list)))
            .findFirst();
    if (whole.isPresent()) {
      return new LinkedHashSet<>(Folders.names(folders, whole.get()));
    }
    Set<String> names = new LinkedHashSet<>(own);
    names.addAll(Folders.names(folders, "aug"));
    return names;
  }

  private static Set<String> ofBoth(Path root, Set<String> own, Path wanted) {
    Path sbd = Sbd.root(wanted);
    Set<String> judged = new HashSet<>(Voc.names(root, "val"));
    Set<String> names = new LinkedHashSet<>(own);
    names.addAll(Folders.names(List.of(sbd), "trainval"));
    names.removeAll(judged);
    return names;
  }
}
