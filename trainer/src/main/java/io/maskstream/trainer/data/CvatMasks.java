package io.maskstream.trainer.data;

import io.maskstream.painting.ClassPicture;
import io.maskstream.painting.RgbPicture;
import io.maskstream.release.Palette;
import io.maskstream.trainer.data.FileSet.Entry;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// CVAT's export "Segmentation mask 1.1": `SegmentationClass/x.png` in colours, which
/// `labelmap.txt` names (`name:r,g,b::` a line), `ImageSets/Segmentation/SPLIT.txt` (CVAT's own is
/// default.txt), and pictures in `JPEGImages`, `images` or beside.
///
/// Classes are the labels in their order, background among them; with a `classes.txt` its classes,
/// and other labels are ignored.
final class CvatMasks {

  static final String LABEL_MAP = "labelmap.txt";

  private static final List<String> PICTURE_FOLDERS = List.of("JPEGImages", "images", "");
  private static final int CHANNELS = 3;

  private CvatMasks() {}

  static LabelledSet open(Wanted wanted) {
    Path root = wanted.root();
    Palette labels = labelMap(root.resolve(LABEL_MAP));
    Palette classes = Folders.named(root).orElse(labels);
    Map<Integer, Integer> ids = new HashMap<>();
    LabelValues places = LabelValues.none();
    for (int i = 0; i < labels.size(); i++) {
      int id = classes.names().indexOf(labels.names().get(i));
      ids.put(labels.colors().get(i), id < 0 ? LabelledPicture.IGNORE : id);
      places = id < 0 ? places.ignoring(i) : places.meaning(i, id);
    }
    LabelValues values = wanted.valuesOr(places);
    Path folder = root.resolve(Voc.LABELS);
    boolean all = wanted.split().isEmpty();
    List<Path> lists = List.of(root.resolve("ImageSets/Segmentation"), root);
    Map<String, Path> pictures = pictures(root);
    List<String> names =
        all ? List.copyOf(Folders.images(folder).keySet()) : Folders.names(lists, wanted.split());
    List<Entry> entries =
        names.stream()
            .map(name ->
                new Entry(
                    name,
                    pictures.getOrDefault(name, root.resolve("JPEGImages/" + name + ".jpg")),
                    new Labels(folder.resolve(name + ".png"), file -> read(file, ids, values))))
            .toList();
    return FileSet.of(classes, entries, all ? folder : Folders.list(lists, wanted.split()));
  }

  private static Map<String, Path> pictures(Path root) {
    Path folder =
        Folders.find(root, PICTURE_FOLDERS, ".")
            .orElseThrow(() -> new LabelledSetException("folder is not there: " + root));
    return Folders.images(folder);
  }

  private static Palette labelMap(Path file) {
    List<String> names = new ArrayList<>();
    List<Integer> colors = new ArrayList<>();
    for (String line : Folders.lines(file)) {
      if (line.startsWith("#")) {
        continue;
      }
      String[] parts = line.split(":", -1);
      try {
        int color = 0;
        String[] channels = parts[1].split(",", -1);
        for (int channel = 0; channel < CHANNELS; channel++) {
          int level = Integer.parseInt(channels[channel].strip());
          if (channels.length != CHANNELS || level < 0 || level > 255) {
            throw new NumberFormatException();
          }
          color = color << 8 | level;
        }
        names.add(parts[0].strip());
        colors.add(color);
      } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
        throw new LabelledSetException(
            "label has no colour: %s: %s; a line is name:r,g,b::".formatted(file, line), e);
      }
    }
    try {
      return new Palette(names, colors);
    } catch (IllegalArgumentException e) {
      throw new LabelledSetException("%s: %s".formatted(file, e.getMessage()), e);
    }
  }

  /// Colours as the label map has them; a grey image's values are places in it.
  private static ClassPicture read(Path file, Map<Integer, Integer> ids, LabelValues values) {
    BufferedImage image = ImageFile.read(file).image();
    Raster raster = image.getRaster();
    if (raster.getNumBands() == 1 && !(image.getColorModel() instanceof IndexColorModel)) {
      return LabelFile.read(file, values);
    }
    RgbPicture colors = PictureFile.read(file);
    byte[] rgb = colors.rgb();
    byte[] classes = new byte[rgb.length / CHANNELS];
    for (int i = 0, at = 0; i < classes.length; i++, at += CHANNELS) {
      int color = (rgb[at] & 0xff) << 16 | (rgb[at + 1] & 0xff) << 8 | rgb[at + 2] & 0xff;
      Integer id = ids.get(color);
      if (id == null) {
        throw new LabelledSetException(
            "colour is no label's: %s value=%d,%d,%d x=%d y=%d; add it to %s"
                .formatted(
                    file,
                    color >> 16,
                    color >> 8 & 0xff,
                    color & 0xff,
                    i % colors.width(),
                    i / colors.width(),
                    LABEL_MAP));
      }
      classes[i] = (byte) (int) id;
    }
    return new ClassPicture(colors.width(), colors.height(), classes);
  }
}
