package io.maskstream.trainer.data;

import io.maskstream.release.Palette;
import io.maskstream.trainer.data.FileSet.Entry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// CamVid, SegNet's copy: `SPLIT/x.png`, `SPLITannot/x.png`, and perhaps `SPLIT.txt` with a pair of
/// paths a line, whatever machine they are of; 11 classes, 11 is void.
final class CamVid implements Layout {

  private static final int VOID = 11;

  @Override
  public boolean isAt(Path root, String split) {
    return Files.isDirectory(root.resolve(split + "annot"))
        || Files.isRegularFile(root.resolve(split + ".txt"));
  }

  @Override
  public LabelledSet open(Wanted wanted) {
    Path root = wanted.root();
    String split = wanted.split();
    Palette classes = Folders.classes(root, "camvid");
    LabelValues usual = LabelValues.from0(classes.size());
    LabelValues values = wanted.valuesOr(classes.size() == VOID ? usual.ignoring(VOID) : usual);
    Path list = root.resolve(split + ".txt");
    List<Entry> entries = new ArrayList<>();
    if (Files.isRegularFile(list)) {
      for (String line : Folders.lines(list)) {
        String[] pair = line.split("\\s+");
        if (pair.length != 2) {
          throw new LabelledSetException(
              "line is no pair of a picture and its labels: %s: %s".formatted(list, line));
        }
        Path picture = Folders.rerooted(root, pair[0]);
        entries.add(
            new Entry(
                Folders.name(picture),
                picture,
                Labels.image(Folders.rerooted(root, pair[1]), values)));
      }
      return FileSet.of(classes, entries, list);
    }
    Path labels = root.resolve(split + "annot");
    Folders.images(root.resolve(split))
        .forEach((name, file) ->
            entries.add(
                new Entry(name, file, Labels.image(labels.resolve(name + ".png"), values))));
    return FileSet.of(classes, entries, root.resolve(split));
  }
}
