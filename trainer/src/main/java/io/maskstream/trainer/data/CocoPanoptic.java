package io.maskstream.trainer.data;

import io.maskstream.painting.ClassPicture;
import io.maskstream.painting.RgbPicture;
import io.maskstream.release.Palette;
import io.maskstream.trainer.data.FileSet.Entry;
import io.maskstream.trainer.data.PanopticFile.Annotation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// COCO's panoptic layout: `annotations/panoptic_val2017.json`, beside it the folder
/// `panoptic_val2017` of PNGs whose pixels are segment ids (red + 256 green + 65536 blue), and the
/// pictures in `val2017` or `images/val2017`. The split is val2017, or val where there is but one.
///
/// Classes are the file's categories in the order of their ids, without gaps; with a `classes.txt`
/// its classes, and other categories are ignored, as are crowds and the segment 0.
final class CocoPanoptic implements Layout {

  private static final String PREFIX = "panoptic_";
  private static final String END = ".json";
  private static final int CHANNELS = 3;

  @Override
  public boolean isAt(Path root, String split) {
    Path folder = root.resolve("annotations");
    return Files.isDirectory(folder) && !files(folder, "").isEmpty();
  }

  @Override
  public LabelledSet open(Wanted wanted) {
    Path root = wanted.root();
    Path file = file(root, wanted.split());
    String name = file.getFileName().toString();
    String split = name.substring(PREFIX.length(), name.length() - END.length());
    Path pixels = file.resolveSibling(PREFIX + split);
    Path pictures =
        Folders.findOrSay(
            root, List.of(split, "images/" + split, "images", ""), ".", "folder of pictures");
    PanopticFile list = PanopticFile.read(file);
    Palette classes = Folders.named(root).orElseGet(list::palette);
    Map<Integer, Integer> classIds = list.classIds(classes);
    List<Entry> entries = new ArrayList<>();
    for (Annotation annotation : list.annotations()) {
      Path picture = pictures.resolve(list.picture(annotation));
      entries.add(
          new Entry(
              Folders.name(picture),
              picture,
              new Labels(
                  pixels.resolve(annotation.file()),
                  from -> read(from, file, annotation, classIds))));
    }
    return FileSet.of(classes, entries, file);
  }

  private static Path file(Path root, String split) {
    Path folder = root.resolve("annotations");
    Path exact = folder.resolve(PREFIX + split + END);
    if (Files.isRegularFile(exact)) {
      return exact;
    }
    List<Path> others = Files.isDirectory(folder) ? files(folder, split) : List.of();
    if (others.size() != 1) {
      throw new LabelledSetException(
          "split is no panoptic file: %s; there are %s"
              .formatted(exact, others.isEmpty() ? Folders.others(folder) : others));
    }
    return others.getFirst();
  }

  private static List<Path> files(Path folder, String split) {
    return Folders.files(folder, "json").values().stream()
        .filter(file -> file.getFileName().toString().startsWith(PREFIX + split))
        .toList();
  }

  private static ClassPicture read(
      Path pixels, Path list, Annotation annotation, Map<Integer, Integer> classIds) {
    RgbPicture segments = PictureFile.read(pixels);
    byte[] rgb = segments.rgb();
    byte[] classes = new byte[rgb.length / CHANNELS];
    int known = 0;
    byte meaning = (byte) LabelledPicture.IGNORE;
    for (int i = 0, at = 0; i < classes.length; i++, at += CHANNELS) {
      int id = rgb[at] & 0xff | (rgb[at + 1] & 0xff) << 8 | (rgb[at + 2] & 0xff) << 16;
      if (id != known) {
        int place = id == 0 ? 0 : Arrays.binarySearch(annotation.ids(), id);
        Integer classId =
            id == 0
                ? Integer.valueOf(LabelledPicture.IGNORE)
                : place < 0 ? null : classIds.get(annotation.categories()[place]);
        if (classId == null) {
          throw new LabelledSetException(
              "segment is not listed: %s value=%d x=%d y=%d; %s has %d segments of it, and their categories"
                  .formatted(
                      pixels,
                      id,
                      i % segments.width(),
                      i / segments.width(),
                      list,
                      annotation.ids().length));
        }
        known = id;
        meaning = (byte) (int) classId;
      }
      classes[i] = meaning;
    }
    return new ClassPicture(segments.width(), segments.height(), classes);
  }
}
