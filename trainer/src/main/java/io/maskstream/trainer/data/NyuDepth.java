package io.maskstream.trainer.data;

import io.maskstream.release.Palette;
import io.maskstream.trainer.data.FileSet.Entry;
import io.maskstream.trainer.data.FileSet.Reading;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// NYUDv2, the 40 classes of Gupta et al. 2013, as the FCN papers' authors lay it out:
/// `data/images/img_5001.png`, `data/depth/` (16-bit, millimetres) and `data/hha/` alike,
/// `segmentation/img_5001.mat`, and `SPLIT.txt` with a number a line; classes count from 1, 0 is
/// void.
final class NyuDepth implements Layout {

  private static final String LABELS = "segmentation";
  private static final List<String> PLACES = List.of("", "nyud", "NYUDv2", "nyud2");
  private static final String PREFIX = "img_";
  private static final int COLORS = 3;

  @Override
  public boolean isAt(Path root, String split) {
    return Folders.find(root, List.of(""), LABELS).isPresent()
        && Folders.find(root, List.of(""), "data/images").isPresent();
  }

  @Override
  public LabelledSet open(Wanted wanted) {
    Path root = Folders.findOrSay(wanted.root(), PLACES, LABELS, "NYUDv2");
    Palette classes = Folders.classes(root, "nyudv2");
    LabelValues values = wanted.valuesOr(LabelValues.from1(classes.size()));
    Path labels = root.resolve(LABELS);
    boolean all = wanted.split().isEmpty();
    List<String> names =
        all
            ? List.copyOf(Folders.files(labels, "mat").keySet())
            : Folders.names(List.of(root), wanted.split()).stream()
                .map(name -> name.startsWith(PREFIX) ? name : PREFIX + name)
                .toList();
    List<Entry> entries =
        names.stream()
            .map(name ->
                new Entry(
                    name,
                    file(root, picture(wanted.modalities()), name),
                    Labels.matlab(labels.resolve(name + ".mat"), LABELS, values),
                    Map.of(),
                    file(root, planes(wanted.modalities()), name)))
            .toList();
    return FileSet.of(classes, entries, all ? labels : Folders.list(List.of(root), wanted.split()))
        .readBy(reading(wanted.modalities()));
  }

  private static Path file(Path root, String folder, String name) {
    return root.resolve("data/" + folder + "/" + name + ".png");
  }

  private static String picture(Modalities modalities) {
    return switch (modalities) {
      case COLOR, COLOR_DEPTH, COLOR_HHA -> "images";
      case DEPTH -> "depth";
      case HHA -> "hha";
    };
  }

  private static String planes(Modalities modalities) {
    return switch (modalities) {
      case COLOR -> "images";
      case DEPTH, COLOR_DEPTH -> "depth";
      case HHA, COLOR_HHA -> "hha";
    };
  }

  private static Reading reading(Modalities modalities) {
    return switch (modalities) {
      case COLOR, HHA -> Reading.COLORS;
      case DEPTH -> new Reading(DepthFile::grey, 0, _ -> Planes.NONE);
      case COLOR_DEPTH -> new Reading(PictureFile::read, 1, DepthFile::plane);
      case COLOR_HHA -> new Reading(PictureFile::read, COLORS, NyuDepth::colorPlanes);
    };
  }

  /// Red, green and blue as planes one behind the other.
  private static Planes colorPlanes(Path file) {
    byte[] rgb = PictureFile.read(file).rgb();
    int pixels = rgb.length / COLORS;
    float[] planes = new float[rgb.length];
    for (int i = 0; i < rgb.length; i++) {
      planes[i % COLORS * pixels + i / COLORS] = rgb[i] & 0xff;
    }
    return new Planes(COLORS, planes);
  }
}
