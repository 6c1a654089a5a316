package io.maskstream.trainer.data;

import io.maskstream.release.Palette;
import io.maskstream.trainer.data.FileSet.Entry;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// SIFT Flow (Liu et al. 2009; geometry by Tighe and Lazebnik 2010): `Images/SCENES/x.jpg`,
/// `SemanticLabels/SCENES/x.mat` and `GeoLabels/SCENES/x.mat`, and `SPLIT.txt` with a name a line.
/// 33 classes and 3 of geometry count from 1; 0 is void, in geometry -1 too.
final class SiftFlow implements Layout {

  static final String GEOMETRY = "geometry";

  private static final String SCENES = "spatial_envelope_256x256_static_8outdoorcategories";
  private static final String LABELS = "SemanticLabels";
  private static final String VARIABLE = "S";
  private static final List<String> PLACES =
      List.of("", "SiftFlowDataset", "siftflow", "sift-flow");

  /// No picture of the test split shows them.
  private static final Set<String> ABSENT_FROM_TEST = Set.of("cow", "desert", "moon");

  @Override
  public boolean isAt(Path root, String split) {
    return Folders.find(root, PLACES, LABELS).isPresent();
  }

  @Override
  public LabelledSet open(Wanted wanted) {
    Path root = Folders.findOrSay(wanted.root(), PLACES, LABELS, "SIFT Flow");
    Palette classes = Folders.classes(root, "siftflow");
    Palette geometry = Palette.known(GEOMETRY);
    LabelValues values = wanted.valuesOr(LabelValues.from1(classes.size()));
    LabelValues geometryValues = LabelValues.from1(geometry.size()).ignoring(-1);
    Path labels = root.resolve(LABELS).resolve(SCENES);
    boolean all = wanted.split().isEmpty();
    List<String> names =
        all
            ? List.copyOf(Folders.files(labels, "mat").keySet())
            : Folders.names(List.of(root), wanted.split());
    List<Entry> entries =
        names.stream()
            .map(name -> {
              Path picture = root.resolve("Images/" + SCENES + "/" + name + ".jpg");
              Path ofGeometry = root.resolve("GeoLabels/" + SCENES + "/" + name + ".mat");
              return new Entry(
                  name,
                  picture,
                  Labels.matlab(labels.resolve(name + ".mat"), VARIABLE, values),
                  Map.of(GEOMETRY, Labels.matlab(ofGeometry, VARIABLE, geometryValues)),
                  picture);
            })
            .toList();
    return FileSet.of(classes, entries, all ? labels : Folders.list(List.of(root), wanted.split()))
        .labelledFurther(Map.of(GEOMETRY, geometry))
        .withoutCounting(wanted.split().equals("test") ? absent(classes) : Set.of());
  }

  private static Set<Integer> absent(Palette classes) {
    return ABSENT_FROM_TEST.stream()
        .map(classes.names()::indexOf)
        .filter(id -> id >= 0)
        .collect(Collectors.toSet());
  }
}
