package io.maskstream.trainer.data;

import static io.maskstream.trainer.data.Laid.text;
import static io.maskstream.trainer.data.MatlabWriter.matrix;

import io.maskstream.trainer.data.MatlabWriter.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Data sets of a few drawn pictures, in the folders and files of the real ones: boxes of one class
/// on another, whose labels their colours tell.
public final class GeneratedSets {

  private static final List<String> TRAIN = List.of("a", "b", "c");
  private static final String VAL = "v";
  private static final String SIFT_SCENES = "spatial_envelope_256x256_static_8outdoorcategories";
  private static final int[] CITY_IDS = {7, 8, 11, 21, 23, 26};

  private final Path root;
  private final int width;
  private final int height;

  private GeneratedSets(Path root, int width, int height) {
    this.root = root;
    this.width = width;
    this.height = height;
  }

  /// Lays a set by its name.
  ///
  /// @return the folder to give as `--data`
  public static Path lay(String set, Path root, int width, int height) throws IOException {
    GeneratedSets sets = new GeneratedSets(root.resolve(set), width, height);
    switch (set) {
      case "cityscapes" -> sets.cityscapes();
      case "ade20k" -> sets.ade20k();
      case "voc" -> sets.voc();
      case "vocaug" -> sets.vocAugmented();
      case "sbd" -> sets.sbd();
      case "pascal-context", "pascal-context-59" -> sets.pascalContext();
      case "nyudv2" -> sets.nyuDepth();
      case "siftflow" -> sets.siftFlow();
      default -> throw new IllegalArgumentException("no set is generated as " + set);
    }
    return sets.root;
  }

  private void cityscapes() throws IOException {
    for (String name : TRAIN) {
      city("train", name);
    }
    city("val", VAL);
  }

  private void city(String split, String name) throws IOException {
    picture("leftImg8bit/" + split + "/town/" + name + "_leftImg8bit.png", name);
    Path labels = root.resolve("gtFine/" + split + "/town/" + name + "_gtFine_labelIds.png");
    Drawn.grey(labels, width, height, (x, y) -> CITY_IDS[kind(name, x, y)]);
  }

  private void ade20k() throws IOException {
    for (String name : TRAIN) {
      picture("images/training/" + name + ".jpg", name);
      grey("annotations/training/" + name + ".png", name, 1);
    }
    picture("images/validation/" + VAL + ".jpg", VAL);
    grey("annotations/validation/" + VAL + ".png", VAL, 1);
  }

  private void voc() throws IOException {
    for (String name : List.of("a", VAL)) {
      picture("JPEGImages/" + name + ".jpg", name);
      grey("SegmentationClass/" + name + ".png", name, 0);
    }
    text(root.resolve("ImageSets/Segmentation/train.txt"), "a\n");
    text(root.resolve("ImageSets/Segmentation/val.txt"), VAL + "\n");
    text(root.resolve("ImageSets/Segmentation/seg11valid.txt"), VAL + "\n");
  }

  private void vocAugmented() throws IOException {
    voc();
    for (String name : TRAIN) {
      picture("JPEGImages/" + name + ".jpg", name);
      grey("SegmentationClassAug/" + name + ".png", name, 0);
    }
    text(root.resolve("ImageSets/Segmentation/trainaug.txt"), String.join("\n", TRAIN));
  }

  private void sbd() throws IOException {
    for (String name : TRAIN) {
      picture("img/" + name + ".jpg", name);
      MatlabWriter.write(
          root.resolve("cls/" + name + ".mat"),
          MatlabWriter.compressed(
              MatlabWriter.struct(
                  "GTcls",
                  new String[] {"Segmentation"},
                  matrix("", Kind.UINT8, width, height, (x, y) -> kind(name, x, y)))));
    }
    text(root.resolve("train.txt"), String.join("\n", TRAIN));
  }

  private void pascalContext() throws IOException {
    for (String name : List.of("a", "b", "c", VAL)) {
      picture("JPEGImages/" + name + ".jpg", name);
      grey("SegmentationClassContext/" + name + ".png", name, 1);
    }
    text(root.resolve("ImageSets/SegmentationContext/train.txt"), String.join("\n", TRAIN));
    text(root.resolve("ImageSets/SegmentationContext/val.txt"), VAL);
  }

  private void nyuDepth() throws IOException {
    for (int i = 5001; i <= 5004; i++) {
      String number = String.valueOf(i);
      String file = "img_" + number + ".png";
      picture("data/images/" + file, number);
      picture("data/hha/" + file, number + "hha");
      Path depth = root.resolve("data/depth/" + file);
      Drawn.deep(depth, width, height, (x, y) -> 900 + 700 * kind(number, x, y));
      matlab("segmentation/img_" + number + ".mat", "segmentation", number, 1);
    }
    text(root.resolve("train.txt"), "5001\n5002\n");
    text(root.resolve("val.txt"), "5003\n");
    text(root.resolve("test.txt"), "5004\n");
  }

  private void siftFlow() throws IOException {
    for (String name : List.of("a", "b", "c", VAL)) {
      picture("Images/" + SIFT_SCENES + "/" + name + ".jpg", name);
      matlab("SemanticLabels/" + SIFT_SCENES + "/" + name + ".mat", "S", name, 0);
      MatlabWriter.write(
          root.resolve("GeoLabels/" + SIFT_SCENES + "/" + name + ".mat"),
          matrix("S", Kind.INT16, width, height, (x, y) -> kind(name, x, y) % 5 - 1));
    }
    text(root.resolve("trainval.txt"), String.join("\n", TRAIN));
    text(root.resolve("test.txt"), VAL);
  }

  private void picture(String file, String name) throws IOException {
    Drawn.rgb(
        root.resolve(file),
        width,
        height,
        (x, y) -> 0x303030 + 0x221a0d * kind(name, x, y) + (7 * x + 13 * y) % 16);
  }

  private void grey(String file, String name, int first) throws IOException {
    Drawn.grey(root.resolve(file), width, height, (x, y) -> first + kind(name, x, y));
  }

  private void matlab(String file, String variable, String name, int first) throws IOException {
    MatlabWriter.write(
        root.resolve(file),
        matrix(variable, Kind.UINT8, width, height, (x, y) -> first + kind(name, x, y)));
  }

  /// 0 to 5, by place and name.
  private int kind(String name, int x, int y) {
    int place = 3 * x / width + 3 * (2 * y / height);
    return Math.floorMod(place + name.hashCode(), 6);
  }
}
