package io.maskstream.trainer.data;

import static io.maskstream.trainer.data.Laid.HEIGHT;
import static io.maskstream.trainer.data.Laid.WIDTH;
import static io.maskstream.trainer.data.Laid.firstRow;
import static io.maskstream.trainer.data.Laid.names;
import static io.maskstream.trainer.data.Laid.text;
import static io.maskstream.trainer.data.MatlabWriter.compressed;
import static io.maskstream.trainer.data.MatlabWriter.matrix;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maskstream.trainer.data.MatlabWriter.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntBinaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VocSetsTest {

  private static final int OF_VOC = 3;
  private static final int OF_SBD = 7;

  @TempDir Path root;

  @Test
  void readsTheFcnPapersListFromTheImageSetsOrBeside() throws IOException {
    voc(root, "a", "b");
    text(root.resolve("seg11valid.txt"), "b\n");
    text(root.resolve("ImageSets/Segmentation/train.txt"), "a\n");
    text(root.resolve("ImageSets/Segmentation/val.txt"), "b\n");
    assertThat(names(open("voc", root, "seg11valid"))).containsExactly("b");
    assertThat(names(open("voc", root, "trainval"))).containsExactly("a", "b");
  }

  @Test
  void findsVocInItsDevelopmentKit() throws IOException {
    voc(root.resolve("VOCdevkit/VOC2012"), "a");
    text(root.resolve("VOCdevkit/VOC2012/ImageSets/Segmentation/train.txt"), "a\n");
    assertThat(LabelledSets.recognised(root, "train")).contains("voc");
    assertThat(names(open("voc", root, "train"))).containsExactly("a");
    assertThatThrownBy(() -> open("voc", root.resolve("nowhere"), "train"))
        .isInstanceOf(LabelledSetException.class)
        .hasMessageContaining("VOC is not there: no SegmentationClass in")
        .hasMessageContaining("VOCdevkit/VOC2012");
  }

  @Test
  void namesTheLabelThatVocHasNot() throws IOException {
    voc(root, "a");
    Path labels = root.resolve("SegmentationClass/a.png");
    Drawn.indexed(labels, 8, WIDTH, HEIGHT, (x, y) -> x == 2 && y == 4 ? 77 : 0);
    assertThatThrownBy(() -> open("voc", root, "").read(0))
        .isInstanceOf(LabelledSetException.class)
        .hasMessage(
            "label is out of range: %s value=77 x=2 y=4; allowed are classes 0 to 20, ignored 255",
            labels);
  }

  @Test
  void readsSbdAsItWasPublished() throws IOException {
    sbd(root.resolve("benchmark_RELEASE/dataset"), "a", "b");
    text(root.resolve("benchmark_RELEASE/dataset/train.txt"), "b\n");
    assertThat(LabelledSets.recognised(root, "train")).contains("sbd");
    LabelledSet train = open("sbd", root, "train");
    assertThat(names(train)).containsExactly("b");
    assertThat(train.classes().names()).hasSize(21);
    assertThat(firstRow(train.read(0))).startsWith(OF_SBD, 0, OF_SBD);
    assertThat(names(open("sbd", root, ""))).containsExactly("a", "b");
    assertThatThrownBy(() -> open("sbd", root, "test"))
        .hasMessageContaining("test.txt; there are cls, img, train.txt");
  }

  @Test
  void judgesSbdOnTheListOfVocThatLiesBeside() throws IOException {
    sbd(root.resolve("sbdd/dataset"), "a", "b");
    text(root.resolve("sbdd/dataset/train.txt"), "b\n");
    voc(root.resolve("VOC2011"), "judged");
    text(root.resolve("VOC2011/ImageSets/Segmentation/seg11valid.txt"), "judged\n");
    text(root.resolve("VOC2011/ImageSets/Segmentation/train.txt"), "judged\n");
    assertThat(names(open("sbd", root, "train"))).containsExactly("b");
    assertThat(names(open("sbd", root, "seg11valid"))).containsExactly("judged");
    assertThat(firstRow(open("sbd", root, "seg11valid").read(0))).startsWith(OF_VOC);
  }

  /// VOC's train is joined with SBD's train and val, less VOC's val.
  @Test
  void joinsVocAndSbdWithoutWhatVocJudges() throws IOException {
    Path voc = root.resolve("VOCdevkit/VOC2012");
    voc(voc, "own", "judged");
    for (String name : List.of("more", "most")) {
      Laid.picture(voc.resolve("JPEGImages/" + name + ".jpg"));
    }
    text(voc.resolve("ImageSets/Segmentation/train.txt"), "own\n");
    text(voc.resolve("ImageSets/Segmentation/val.txt"), "judged\n");
    Path sbd = root.resolve("VOCdevkit/VOCaug/dataset");
    sbd(sbd, "own", "judged", "more", "most");
    text(sbd.resolve("train.txt"), "judged\nown\nmore\n");
    text(sbd.resolve("val.txt"), "most\n");
    LabelledSet train = open("vocaug", root, "train");
    assertThat(names(train)).containsExactly("own", "more", "most");
    assertThat(firstRow(train.read(0))).startsWith(OF_VOC);
    assertThat(firstRow(train.read(1))).startsWith(OF_SBD);
    assertThat(names(open("vocaug", root, "val"))).containsExactly("judged");
  }

  @Test
  void readsSbdsLabelsAsImagesByEitherKindOfList() throws IOException {
    voc(root, "own");
    text(root.resolve("ImageSets/Segmentation/train.txt"), "own\n");
    for (String name : List.of("own", "more")) {
      Laid.picture(root.resolve("JPEGImages/" + name + ".jpg"));
      Drawn.grey(
          root.resolve("SegmentationClassAug/" + name + ".png"), WIDTH, HEIGHT, (x, y) -> OF_SBD);
    }
    text(root.resolve("ImageSets/Segmentation/aug.txt"), "more\n");
    LabelledSet parts = open("vocaug", root, "train");
    assertThat(names(parts)).containsExactly("own", "more");
    assertThat(firstRow(parts.read(0))).startsWith(OF_VOC);
    assertThat(firstRow(parts.read(1))).startsWith(OF_SBD);
    text(
        root.resolve("ImageSets/SegmentationAug/train_aug.txt"),
        "/JPEGImages/more.jpg /SegmentationClassAug/more.png\n");
    assertThat(names(open("vocaug", root, "train"))).containsExactly("more");
    Files.delete(root.resolve("ImageSets/SegmentationAug/train_aug.txt"));
    Files.delete(root.resolve("ImageSets/Segmentation/aug.txt"));
    assertThatThrownBy(() -> open("vocaug", root, "train")).hasMessageContaining("aug.txt");
  }

  /// The same labels in both layouts: 0, and some of the 459, which the PNG counts by rank.
  @Test
  void readsPascalContextFromBothOfItsLayoutsAlike() throws IOException {
    int[] numbers = {0, 2, 397, 458, 80, 19, 1, 459};
    int[] ranks = {0, 1, 50, 59, 18, 4, 0, 0};
    String[] classes = {
      "background",
      "aeroplane",
      "dining table",
      "wood",
      "clothes",
      "bedcloth",
      "background",
      "background"
    };
    Path voc = root.resolve("VOC2010");
    Laid.picture(voc.resolve("JPEGImages/a.jpg"));
    text(voc.resolve("ImageSets/Main/val.txt"), "a\n");
    Path matlab = root.resolve("trainval/a.mat");
    MatlabWriter.write(
        matlab, compressed(matrix("LabelMap", Kind.UINT16, WIDTH, HEIGHT, (x, y) -> numbers[x])));
    assertThat(LabelledSets.recognised(root, "val")).contains("pascal-context");
    assertContext(classes, "val");
    Files.delete(matlab);
    Drawn.grey(voc.resolve("SegmentationClassContext/a.png"), WIDTH, HEIGHT, (x, y) -> ranks[x]);
    text(voc.resolve("ImageSets/SegmentationContext/train.txt"), "a\n");
    assertContext(classes, "train");
  }

  private void assertContext(String[] classes, String split) {
    LabelledSet all = open("pascal-context", root, split);
    LabelledSet without = open("pascal-context-59", root, split);
    assertThat(all.classes().names()).hasSize(60);
    assertThat(without.classes().names()).hasSize(59);
    for (int x = 0; x < classes.length; x++) {
      assertThat(all.classes().names().get(firstRow(all.read(0)).get(x))).isEqualTo(classes[x]);
      int id = firstRow(without.read(0)).get(x);
      if (classes[x].equals("background")) {
        assertThat(id).isEqualTo(255);
      } else {
        assertThat(without.classes().names().get(id)).isEqualTo(classes[x]);
      }
    }
  }

  @Test
  void namesThePascalContextLabelThatIsUnknown() throws IOException {
    Laid.picture(root.resolve("JPEGImages/a.jpg"));
    MatlabWriter.write(
        root.resolve("trainval/a.mat"),
        matrix("LabelMap", Kind.UINT16, WIDTH, HEIGHT, (x, y) -> 460));
    assertThatThrownBy(() -> open("pascal-context", root, "").read(0))
        .hasMessageContaining("a.mat value=460 x=0 y=0; allowed are classes 0 to 459");
  }

  private static LabelledSet open(String name, Path root, String split) {
    return LabelledSets.open(name, root, split, Modalities.COLOR);
  }

  private static void voc(Path folder, String... names) throws IOException {
    for (String name : names) {
      Laid.picture(folder.resolve("JPEGImages/" + name + ".jpg"));
      Drawn.indexed(
          folder.resolve("SegmentationClass/" + name + ".png"), 8, WIDTH, HEIGHT, (x, y) -> OF_VOC);
    }
  }

  private static void sbd(Path folder, String... names) throws IOException {
    IntBinaryOperator stripes = (x, y) -> x % 2 == 0 ? OF_SBD : 0;
    for (String name : names) {
      Laid.picture(folder.resolve("img/" + name + ".jpg"));
      MatlabWriter.write(
          folder.resolve("cls/" + name + ".mat"),
          compressed(
              MatlabWriter.struct(
                  "GTcls",
                  new String[] {"Segmentation", "CategoriesPresent"},
                  matrix("", Kind.UINT8, WIDTH, HEIGHT, stripes),
                  matrix("", Kind.DOUBLE, 1, 1, (x, y) -> OF_SBD))));
    }
  }
}
