package io.maskstream.trainer.data;

import io.maskstream.release.Palette;
import io.maskstream.trainer.data.FileSet.Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// ADE20K, scene parsing: `images/training/x.jpg`, `annotations/training/x.png`, and the same in
/// `validation`, also known as train and val; 150 classes count from 1, 0 is unlabelled.
final class Ade20k implements Layout {

  private static final Map<String, String> SPLITS =
      Map.of("train", "training", "val", "validation");

  @Override
  public boolean isAt(Path root, String split) {
    return Files.isDirectory(root.resolve("images"))
        && Files.isDirectory(root.resolve("annotations"))
        && !Files.isDirectory(root.resolve("labels"));
  }

  @Override
  public LabelledSet open(Wanted wanted) {
    Path root =
        Folders.findOrSay(
            wanted.root(), List.of("", "ADEChallengeData2016"), "annotations", "ADE20K");
    Palette classes = Folders.classes(root, "ade20k");
    LabelValues values = wanted.valuesOr(LabelValues.from1(classes.size()));
    String folder = SPLITS.getOrDefault(wanted.split(), wanted.split());
    Path pictures = root.resolve("images").resolve(folder);
    Path labels = root.resolve("annotations").resolve(folder);
    Map<String, Path> labelFiles = Folders.images(labels);
    List<Entry> entries = new ArrayList<>();
    Folders.images(pictures)
        .forEach((name, file) ->
            entries.add(
                new Entry(
                    name,
                    file,
                    Labels.image(
                        labelFiles.getOrDefault(name, labels.resolve(name + ".png")), values))));
    return FileSet.of(classes, entries, pictures);
  }
}
