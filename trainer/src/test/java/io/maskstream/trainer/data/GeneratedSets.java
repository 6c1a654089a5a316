package io.maskstream.trainer.data;

import static io.maskstream.trainer.data.MatlabWriter.compressed;
import static io.maskstream.trainer.data.MatlabWriter.matrix;
import static io.maskstream.trainer.data.MatlabWriter.struct;

import io.maskstream.trainer.data.MatlabWriter.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntBinaryOperator;

/// Lays small copies of every data set that has a name, in the files that it is published in: each
/// split has a few pictures of coloured tiles, and each tile is one class.
public final class GeneratedSets {

  private static final String SCENES = "spatial_envelope_256x256_static_8outdoorcategories";

  private final Path root;
  private final int width;
  private final int height;

  private GeneratedSets(Path root, int width, int height) {
    this.root = root;
    this.width = width;
    this.height = height;
  }

  /// Lays one set; its splits are train, val, test and those that papers name for it.
  ///
  /// @param set as [LabelledSets#names] has it
  /// @param pictures of each split
  /// @return the folder
  public static Path lay(String set, Path root, int pictures, int width, int height)
      throws IOException {
    GeneratedSets sets = new GeneratedSets(root, width, height);
    for (String split : List.of("train", "val", "test")) {
      List<String> names = new ArrayList<>();
      for (int i = 0; i < pictures; i++) {
        names.add(split + "_" + i);
      }
      sets.lay(set, split, names);
    }
    return root;
  }

  private void lay(String set, String split, List<String> names) throws IOException {
    String list = String.join("\n", names) + "\n";
    switch (set) {
      case "plain" -> {
        text("classes.txt", "left\nmiddle\nright\n");
        for (String name : names) {
          color("images/" + split + "/" + name + ".jpg", name);
          grey("labels/" + split + "/" + name + ".png", tiles(name, 3, 0));
        }
      }
      case "camvid" -> {
        for (String name : names) {
          color(split + "/" + name + ".png", name);
          grey(split + "annot/" + name + ".png", tiles(name, 12, 0));
        }
      }
      case "voc" -> voc(split, names, list);
      case "sbd" -> sbd(split, names, list);
      case "vocaug" -> {
        voc(split, names, list);
        if (split.equals("train")) {
          List<String> more = names.stream().map(name -> "sbd_" + name).toList();
          sbd(split, more, String.join("\n", more) + "\n");
          text("dataset/val.txt", "");
          for (String name : more) {
            color("JPEGImages/" + name + ".jpg", name);
          }
        }
      }
      case "pascal-context" -> {
        text("ImageSets/SegmentationContext/" + split + ".txt", list);
        for (String name : names) {
          color("JPEGImages/" + name + ".jpg", name);
          grey("SegmentationClassContext/" + name + ".png", tiles(name, 60, 0));
        }
      }
      case "pascal-context-59" -> {
        text("VOC2010/ImageSets/Main/" + split + ".txt", list);
        for (String name : names) {
          color("VOC2010/JPEGImages/" + name + ".jpg", name);
          matlab("trainval/" + name + ".mat", "LabelMap", Kind.UINT16, tiles(name, 460, 0));
        }
      }
      case "cityscapes" -> {
        for (String name : names) {
          color("leftImg8bit/" + split + "/ulm/" + name + "_leftImg8bit.png", name);
          grey("gtFine/" + split + "/ulm/" + name + "_gtFine_labelIds.png", tiles(name, 34, 0));
        }
      }
      case "ade20k" -> {
        String folder = split.equals("val") ? "validation" : split.replace("train", "training");
        for (String name : names) {
          color("images/" + folder + "/" + name + ".jpg", name);
          grey("annotations/" + folder + "/" + name + ".png", tiles(name, 151, 0));
        }
      }
      case "nyudv2" -> {
        text(split + ".txt", list);
        for (String name : names) {
          String file = "img_" + name;
          color("data/images/" + file + ".png", name);
          color("data/hha/" + file + ".png", name);
          Drawn.deep(file("data/depth/" + file + ".png"), width, height, (x, y) -> 700 + 9 * x + y);
          matlab("segmentation/" + file + ".mat", "segmentation", Kind.UINT8, tiles(name, 41, 0));
        }
      }
      case "siftflow" -> {
        text((split.equals("train") ? "trainval" : split) + ".txt", list);
        text(split + ".txt", list);
        for (String name : names) {
          color("Images/" + SCENES + "/" + name + ".jpg", name);
          String mat = SCENES + "/" + name + ".mat";
          matlab("SemanticLabels/" + mat, "S", Kind.DOUBLE_AS_BYTES, tiles(name, 34, 0));
          matlab("GeoLabels/" + mat, "S", Kind.INT16, tiles(name, 5, -1));
        }
      }
      case "cvat" -> {
        text("labelmap.txt", "# label:color_rgb:parts:actions\nbackground:0,0,0::\ncar:0,0,9::\n");
        text("ImageSets/Segmentation/" + split + ".txt", list);
        for (String name : names) {
          color("JPEGImages/" + name + ".jpg", name);
          IntBinaryOperator tiles = tiles(name, 2, 0);
          Drawn.rgb(
              file("SegmentationClass/" + name + ".png"),
              width,
              height,
              (x, y) -> 9 * tiles.applyAsInt(x, y));
        }
      }
      case "coco-panoptic" -> panoptic(split, names);
      default -> throw new IllegalArgumentException("no generated set is known as " + set);
    }
  }

  private void voc(String split, List<String> names, String list) throws IOException {
    text("ImageSets/Segmentation/" + split + ".txt", list);
    if (split.equals("val")) {
      text("ImageSets/Segmentation/seg11valid.txt", list);
    }
    for (String name : names) {
      color("JPEGImages/" + name + ".jpg", name);
      IntBinaryOperator tiles = tiles(name, 22, 0);
      Drawn.indexed(
          file("SegmentationClass/" + name + ".png"),
          8,
          width,
          height,
          (x, y) -> tiles.applyAsInt(x, y) == 21 ? 255 : tiles.applyAsInt(x, y));
    }
  }

  private void sbd(String split, List<String> names, String list) throws IOException {
    text("dataset/" + split + ".txt", list);
    for (String name : names) {
      color("dataset/img/" + name + ".jpg", name);
      byte[] labels = matrix("", Kind.UINT8, width, height, tiles(name, 21, 0));
      MatlabWriter.write(
          file("dataset/cls/" + name + ".mat"),
          compressed(struct("GTcls", new String[] {"Segmentation"}, labels)));
    }
  }

  private void panoptic(String split, List<String> names) throws IOException {
    StringBuilder images = new StringBuilder();
    StringBuilder annotations = new StringBuilder();
    for (int i = 0; i < names.size(); i++) {
      String comma = i == 0 ? "" : ",";
      images
          .append(comma)
          .append("{\"id\":%d,\"file_name\":\"%s.jpg\"}".formatted(i, names.get(i)));
      annotations
          .append(comma)
          .append("{\"image_id\":%d,\"file_name\":\"%s.png\",".formatted(i, names.get(i)))
          .append("\"segments_info\":[{\"id\":1,\"category_id\":1},{\"id\":2,\"category_id\":9}]}");
      color(split + "2017/" + names.get(i) + ".jpg", names.get(i));
      IntBinaryOperator tiles = tiles(names.get(i), 3, 0);
      Drawn.rgb(
          file("annotations/panoptic_" + split + "2017/" + names.get(i) + ".png"),
          width,
          height,
          (x, y) -> tiles.applyAsInt(x, y) << 16);
    }
    text(
        "annotations/panoptic_" + split + "2017.json",
        "{\"images\":[%s],\"annotations\":[%s],\"categories\":[{\"id\":1,\"name\":\"person\"},{\"id\":9,\"name\":\"boat\"}]}"
            .formatted(images, annotations));
  }

  /// Values in tiles of an eighth of the width, from the first on; each picture begins elsewhere.
  private IntBinaryOperator tiles(String name, int values, int first) {
    int start = Math.floorMod(name.hashCode(), values);
    int side = Math.max(1, width / 8);
    return (x, y) -> first + (start + x / side + 8 * (y / side)) % values;
  }

  private void color(String file, String name) throws IOException {
    IntBinaryOperator tiles = tiles(name, 1 << 12, 0);
    Drawn.rgb(file(file), width, height, (x, y) -> 0x1f35d7 * tiles.applyAsInt(x, y) & 0xffffff);
  }

  private void grey(String file, IntBinaryOperator value) throws IOException {
    Drawn.grey(file(file), width, height, value);
  }

  private void matlab(String file, String variable, Kind kind, IntBinaryOperator value)
      throws IOException {
    MatlabWriter.write(file(file), compressed(matrix(variable, kind, width, height, value)));
  }

  private void text(String file, String text) throws IOException {
    Files.createDirectories(file(file).getParent());
    Files.writeString(file(file), text);
  }

  private Path file(String name) {
    return root.resolve(name);
  }
}
