package io.maskstream.trainer.data;

import static io.maskstream.trainer.data.Laid.HEIGHT;
import static io.maskstream.trainer.data.Laid.WIDTH;
import static io.maskstream.trainer.data.Laid.firstRow;
import static io.maskstream.trainer.data.Laid.names;
import static io.maskstream.trainer.data.Laid.text;
import static io.maskstream.trainer.data.MatlabWriter.matrix;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maskstream.painting.RgbPicture;
import io.maskstream.trainer.data.MatlabWriter.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// NYUDv2, SIFT Flow and Cityscapes.
class SceneSetsTest {

  private static final String SCENES = "spatial_envelope_256x256_static_8outdoorcategories";

  @TempDir Path root;

  @BeforeEach
  void layNyuDepth() throws IOException {
    Path rooms = root.resolve("nyud");
    Laid.picture(rooms.resolve("data/images/img_5001.png"));
    Drawn.rgb(
        rooms.resolve("data/hha/img_5001.png"), WIDTH, HEIGHT, (x, y) -> x << 16 | y << 8 | 9);
    Drawn.deep(rooms.resolve("data/depth/img_5001.png"), WIDTH, HEIGHT, (x, y) -> 2500 * x + y);
    MatlabWriter.write(
        rooms.resolve("segmentation/img_5001.mat"),
        matrix("segmentation", Kind.UINT8, WIDTH, HEIGHT, (x, y) -> x == 7 ? 40 : x));
    text(rooms.resolve("train.txt"), "5001\n");
    text(rooms.resolve("val.txt"), "5001\n");
  }

  @Test
  void readsNyuDepthsColoursWithLabelsFromOne() {
    LabelledSet train = nyu("train", Modalities.COLOR);
    assertThat(LabelledSets.recognised(root.resolve("nyud"), "train")).contains("nyudv2");
    assertThat(names(train)).containsExactly("img_5001");
    assertThat(names(nyu("trainval", Modalities.COLOR))).hasSize(2);
    assertThat(train.classes().names()).hasSize(40).startsWith("wall").endsWith("otherprop");
    assertThat(train.otherPlanes()).isZero();
    assertThat(firstRow(train.read(0))).containsExactly(255, 0, 1, 2, 3, 4, 5, 39);
  }

  @Test
  void readsNyuDepthsOtherPlanes() {
    LabelledPicture depth = nyu("train", Modalities.COLOR_DEPTH).read(0);
    assertThat(depth.picture().rgb()).startsWith(0x10, 0x20, 0x30);
    assertThat(depth.others().count()).isEqualTo(1);
    assertThat(depth.others().values()).startsWith(0, 2500, 5000).endsWith(17505);
    assertThat(nyu("", Modalities.COLOR_HHA).otherPlanes()).isEqualTo(3);
    Planes hha = nyu("", Modalities.COLOR_HHA).read(0).others();
    assertThat(hha.values()).hasSize(3 * WIDTH * HEIGHT).startsWith(0, 1, 2).endsWith(9, 9);
    assertThat(hha.values()[WIDTH * HEIGHT + WIDTH]).isEqualTo(1);
    RgbPicture instead = nyu("train", Modalities.HHA).read(0).picture();
    assertThat(instead.rgb()).startsWith(0, 0, 9, 1, 0, 9);
    RgbPicture grey = nyu("train", Modalities.DEPTH).read(0).picture();
    assertThat(grey.rgb()).startsWith(0, 0, 0, 64, 64, 64, 128 - 256, 128 - 256);
    assertThat(grey.rgb()).endsWith(-1, -1, -1);
  }

  @Test
  void refusesDepthThatIsNotInMillimetresAndNamesTheMissingPlane() throws IOException {
    Path depth = root.resolve("nyud/data/depth/img_5001.png");
    Drawn.grey(depth, WIDTH, HEIGHT, (x, y) -> x);
    assertThatThrownBy(() -> nyu("train", Modalities.COLOR_DEPTH).read(0))
        .isInstanceOf(LabelledSetException.class)
        .hasMessage(
            "depth is no 16-bit grey image: %s channels=1 bits=8; save millimetres as a 16-bit grey PNG",
            depth);
    Drawn.deep(depth, WIDTH, HEIGHT + 1, (x, y) -> x);
    assertThatThrownBy(() -> nyu("train", Modalities.COLOR_DEPTH).read(0))
        .hasMessageContaining("planes differ in size: ")
        .hasMessageContaining("is 8x6, %s has 56 pixels", depth);
    Files.delete(depth);
    assertThatThrownBy(() -> nyu("train", Modalities.COLOR_DEPTH))
        .hasMessageContaining("1 of the 3 files that %s names", root.resolve("nyud/train.txt"))
        .hasMessageContaining(depth.toString());
    assertThat(nyu("train", Modalities.COLOR).size()).isEqualTo(1);
    assertThatThrownBy(() -> LabelledSets.open("voc", root, "train", Modalities.COLOR_HHA))
        .hasMessage("voc has no planes color-hha, only color; nyudv2 has");
  }

  @Test
  void readsSiftFlowsTwoLists() throws IOException {
    Laid.picture(root.resolve("Images/" + SCENES + "/coast_a.jpg"));
    MatlabWriter.write(
        root.resolve("SemanticLabels/" + SCENES + "/coast_a.mat"),
        matrix("S", Kind.DOUBLE_AS_BYTES, WIDTH, HEIGHT, (x, y) -> x == 7 ? 33 : x),
        matrix("names", Kind.UINT8, 1, 1, (x, y) -> 0));
    MatlabWriter.write(
        root.resolve("GeoLabels/" + SCENES + "/coast_a.mat"),
        matrix("S", Kind.INT16, WIDTH, HEIGHT, (x, y) -> x % 5 - 1));
    text(root.resolve("test.txt"), "coast_a\n");
    text(root.resolve("trainval.txt"), "coast_a\n");
    assertThat(LabelledSets.recognised(root, "test")).contains("siftflow");
    LabelledSet test = LabelledSets.open("siftflow", root, "test", Modalities.COLOR);
    assertThat(test.classes().names()).hasSize(33);
    assertThat(test.further().keySet()).containsExactly("geometry");
    assertThat(test.further().get("geometry").names())
        .containsExactly("sky", "horizontal", "vertical");
    assertThat(test.uncounted().stream().map(test.classes().names()::get))
        .containsExactlyInAnyOrder("cow", "desert", "moon");
    assertThat(LabelledSets.open("siftflow", root, "trainval", Modalities.COLOR).uncounted())
        .isEmpty();
    LabelledPicture picture = test.read(0);
    assertThat(firstRow(picture)).containsExactly(255, 0, 1, 2, 3, 4, 5, 32);
    assertThat(picture.further().get("geometry").classes()).startsWith(-1, -1, 0, 1, 2, -1, -1, 0);
    assertThat(new CachedSet(test, 1000).further()).isEqualTo(test.further());
  }

  @Test
  void namesTheGeometryThatIsOutOfRange() throws IOException {
    Laid.picture(root.resolve("Images/" + SCENES + "/a.jpg"));
    MatlabWriter.write(
        root.resolve("SemanticLabels/" + SCENES + "/a.mat"),
        matrix("S", Kind.DOUBLE, WIDTH, HEIGHT, (x, y) -> 1));
    Path geometry =
        MatlabWriter.write(
            root.resolve("GeoLabels/" + SCENES + "/a.mat"),
            matrix("S", Kind.DOUBLE, WIDTH, HEIGHT, (x, y) -> 4));
    assertThatThrownBy(() -> LabelledSets.open("siftflow", root, "", Modalities.COLOR).read(0))
        .hasMessage(
            "label is out of range: %s value=4 x=0 y=0; allowed are classes 1 to 3, ignored -1 to 0 and 255",
            geometry);
  }

  /// Ids, and the same as train ids, by cityscapesScripts' labels.py.
  @Test
  void readsCityscapesByEitherKindOfIds() throws IOException {
    Map<Integer, Integer> trainIds = Map.of(7, 0, 8, 1, 20, 7, 33, 18, 0, 255, 29, 255);
    int[] ids = {7, 8, 20, 33, 0, 29, 255, 7};
    Path picture = root.resolve("leftImg8bit/val/ulm/ulm_000001_000002_leftImg8bit.png");
    Laid.picture(picture);
    Path labels = root.resolve("gtFine/val/ulm/ulm_000001_000002_gtFine_labelIds.png");
    Drawn.grey(labels, WIDTH, HEIGHT, (x, y) -> ids[x]);
    LabelledSet val = LabelledSets.open(root, "val");
    assertThat(names(val)).containsExactly("ulm_000001_000002");
    assertThat(val.classes().names()).hasSize(19);
    assertThat(firstRow(val.read(0))).containsExactly(0, 1, 7, 18, 255, 255, 255, 0);
    Drawn.grey(
        root.resolve("gtFine/val/ulm/ulm_000001_000002_gtFine_labelTrainIds.png"),
        WIDTH,
        HEIGHT,
        (x, y) -> trainIds.getOrDefault(ids[x], 255));
    assertThat(firstRow(LabelledSets.open(root, "val").read(0))).isEqualTo(firstRow(val.read(0)));
    Drawn.grey(labels, WIDTH, HEIGHT, (x, y) -> 34);
    assertThatThrownBy(() -> val.read(0)).hasMessageContaining("%s value=34 x=0 y=0", labels);
    assertThatThrownBy(() -> LabelledSets.open(root, "train"))
        .hasMessageContaining("leftImg8bit/train; there are val");
  }

  private LabelledSet nyu(String split, Modalities modalities) {
    return LabelledSets.open("nyudv2", root, split, modalities);
  }
}
