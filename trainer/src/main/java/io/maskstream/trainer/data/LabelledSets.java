package io.maskstream.trainer.data;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Opens labelled pictures in folders, by the name of their data set or by what the folders look
/// like. Where `classes.txt` is there, it names the classes in any layout.
public final class LabelledSets {

  private static final String DEPTH_SET = "nyudv2";

  /// In the order in which they are recognised: the more telling folders first.
  private static final Map<String, Layout> LAYOUTS = layouts();

  private LabelledSets() {}

  private static Map<String, Layout> layouts() {
    Map<String, Layout> layouts = new LinkedHashMap<>();
    layouts.put("cvat", new Cvat());
    layouts.put("voc", new Voc());
    layouts.put("vocaug", new VocAugmented());
    layouts.put("sbd", new Sbd());
    layouts.put("pascal-context", new PascalContext(true));
    layouts.put("pascal-context-59", new PascalContext(false));
    layouts.put("cityscapes", new Cityscapes());
    layouts.put("coco-panoptic", new CocoPanoptic());
    layouts.put(DEPTH_SET, new NyuDepth());
    layouts.put("siftflow", new SiftFlow());
    layouts.put("ade20k", new Ade20k());
    layouts.put("plain", new PlainFolders());
    layouts.put("camvid", new CamVid());
    return layouts;
  }

  /// The names of data sets that can be asked for.
  public static List<String> names() {
    return LAYOUTS.keySet().stream().sorted().toList();
  }

  /// Opens a data set by its name.
  ///
  /// @param split such as train or val; empty for all that is there, which CamVid has not
  /// @param modalities colours, for all sets but nyudv2
  /// @throws LabelledSetException if the set, the split or files are missing
  public static LabelledSet open(String name, Path root, String split, Modalities modalities) {
    Layout layout = layout(name);
    if (modalities != Modalities.COLOR && !name.equals(DEPTH_SET)) {
      throw new LabelledSetException(
          "%s has no planes %s, only color; %s has".formatted(name, modalities, DEPTH_SET));
    }
    return layout.open(new Wanted(root, split, modalities, null));
  }

  /// Recognises the layout.
  ///
  /// @param split such as train or val; empty for all that is there, which CamVid has not
  /// @throws LabelledSetException if there is no known layout, no such split, or files are missing
  public static LabelledSet open(Path root, String split) {
    return open(root, split, null);
  }

  /// @param values what the values in label files mean; null for what is usual in the layout
  public static LabelledSet open(Path root, String split, @Nullable LabelValues values) {
    String name =
        recognised(root, split)
            .orElseThrow(() ->
                new LabelledSetException(
                    "no labelled pictures: %s split=%s; there must be SegmentationClass (VOC), %sannot or %s.txt (CamVid), images and annotations (ADE20K), images and labels, or the folders of one of %s"
                        .formatted(root, split, split, split, String.join(", ", names()))));
    return layout(name).open(new Wanted(root, split, Modalities.COLOR, values));
  }

  /// The data set that a folder looks like.
  public static Optional<String> recognised(Path root, String split) {
    return LAYOUTS.entrySet().stream()
        .filter(layout -> layout.getValue().isAt(root, split))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private static Layout layout(String name) {
    Layout layout = LAYOUTS.get(name);
    if (layout == null) {
      throw new LabelledSetException(
          "no data set is known as %s; there are %s".formatted(name, String.join(", ", names())));
    }
    return layout;
  }
}
