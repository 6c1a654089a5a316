package io.maskstream.trainer.data;

import io.maskstream.release.Palette;
import io.maskstream.trainer.data.FileSet.Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Any other set: `images/x.jpg` and `labels/x.png`, or `images/SPLIT/x.jpg` and
/// `labels/SPLIT/x.png`, or `SPLIT.txt` with a name a line; `classes.txt` with a class a line.
final class PlainFolders implements Layout {

  @Override
  public boolean isAt(Path root, String split) {
    return Files.isDirectory(root.resolve("images"));
  }

  @Override
  public LabelledSet open(Wanted wanted) {
    Path root = wanted.root();
    String split = wanted.split();
    Palette classes =
        Folders.named(root)
            .orElseThrow(() ->
                new LabelledSetException(
                    "classes are not named: %s is missing; write one class a line, from id 0 on"
                        .formatted(root.resolve("classes.txt"))));
    LabelValues values = wanted.valuesOr(LabelValues.from0(classes.size()));
    boolean divided = !split.isEmpty() && Files.isDirectory(root.resolve("images/" + split));
    Path pictures = root.resolve(divided ? "images/" + split : "images");
    Path labels = root.resolve(divided ? "labels/" + split : "labels");
    Map<String, Path> pictureFiles = Folders.images(pictures);
    Map<String, Path> labelFiles = Folders.images(labels);
    boolean listed = !divided && !split.isEmpty();
    List<String> names =
        listed ? Folders.names(List.of(root), split) : List.copyOf(pictureFiles.keySet());
    List<Entry> entries =
        names.stream()
            .map(name ->
                new Entry(
                    name,
                    pictureFiles.getOrDefault(name, pictures.resolve(name + ".jpg")),
                    Labels.image(
                        labelFiles.getOrDefault(name, labels.resolve(name + ".png")), values)))
            .toList();
    return FileSet.of(classes, entries, listed ? Folders.list(List.of(root), split) : pictures);
  }
}
