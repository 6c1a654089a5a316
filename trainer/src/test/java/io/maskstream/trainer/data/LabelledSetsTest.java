package io.maskstream.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelledSetsTest {

  @TempDir Path root;

  @Test
  void readsVoc() throws IOException {
    for (String name : List.of("b", "a", "c")) {
      Drawn.rgb(root.resolve("JPEGImages/" + name + ".jpg"), 8, 6, (x, y) -> 0x808080);
      Drawn.indexed(
          root.resolve("SegmentationClass/" + name + ".png"), 8, 8, 6, (x, y) -> x == 0 ? 255 : 20);
    }
    write("ImageSets/Segmentation/train.txt", "b\na\n");
    LabelledSet train = LabelledSets.open(root, "train");
    assertThat(names(train)).containsExactly("b", "a");
    assertThat(train.classes().names()).hasSize(21).startsWith("background", "aeroplane");
    LabelledPicture picture = train.read(0);
    assertThat(picture.labels().classes()).startsWith(-1, 20, 20);
    assertThat(picture.name()).isEqualTo("b");
    assertThat(names(LabelledSets.open(root, ""))).containsExactly("a", "b", "c");
    assertThatThrownBy(() -> LabelledSets.open(root, "val"))
        .hasMessageContaining("val.txt; there are train.txt");
  }

  @Test
  void readsCamVidWithPathsOfAnotherMachine() throws IOException {
    Drawn.rgb(root.resolve("train/x.png"), 8, 6, (x, y) -> 0x010203);
    Drawn.grey(root.resolve("trainannot/x.png"), 8, 6, (x, y) -> Math.min(x + y, 11));
    write("train.txt", "/SegNet/CamVid/train/x.png /SegNet/CamVid/trainannot/x.png\n");
    LabelledSet train = LabelledSets.open(root, "train");
    assertThat(names(train)).containsExactly("x");
    assertThat(train.classes().names()).hasSize(11);
    assertThat(train.read(0).labels().classes()).startsWith(0, 1, 2).contains(10, -1);
    write("train.txt", "C:\\CamVid\\train\\x.png C:\\CamVid\\trainannot\\x.png\n");
    assertThat(names(LabelledSets.open(root, "train"))).containsExactly("x");
    Files.delete(root.resolve("train.txt"));
    assertThat(LabelledSets.open(root, "train").read(0).width()).isEqualTo(8);
    write("train.txt", "train/x.png\n");
    assertThatThrownBy(() -> LabelledSets.open(root, "train")).hasMessageContaining("no pair");
  }

  @Test
  void readsAde20kWhoseClassesCountFromOne() throws IOException {
    for (String split : List.of("training", "validation")) {
      Drawn.rgb(root.resolve("images/" + split + "/ADE.jpg"), 8, 6, (x, y) -> 0x808080);
      Drawn.grey(
          root.resolve("annotations/" + split + "/ADE.png"), 8, 6, (x, y) -> x == 2 ? 150 : x % 2);
    }
    LabelledSet train = LabelledSets.open(root, "train");
    assertThat(names(train)).containsExactly("ADE");
    assertThat(train.classes().names()).hasSize(150);
    assertThat(train.read(0).labels().classes()).startsWith(-1, 0, 149, 0, -1);
    assertThat(LabelledSets.open(root, "validation").read(0).width()).isEqualTo(8);
    String survey = Survey.of(LabelledSets.open(root, "val"), _ -> {}).text();
    assertThat(survey)
        .contains("ignored   37.5 % of pixels")
        .containsPattern("149 +flag +20.00 % +1")
        .contains("no picture shows 148 of the 150 classes");
    assertThatThrownBy(() -> LabelledSets.open(root, "test"))
        .hasMessageContaining("annotations/test; there are training, validation");

    Drawn.grey(root.resolve("annotations/training/ADE.png"), 8, 6, (x, y) -> 151);
    assertThat(Survey.of(train, _ -> {}).problems().getFirst())
        .contains("value=151", "classes 1 to 150, ignored 0 and 255");
    write("classes.txt", "ground\nthing\n");
    Drawn.grey(root.resolve("annotations/training/ADE.png"), 8, 6, (x, y) -> 2);
    assertThat(LabelledSets.open(root, "train").read(0).labels().classes()).containsOnly(1);
  }

  @Test
  void readsPlainFoldersWhetherTheSplitIsAFolderAListOrNone() throws IOException {
    write("classes.txt", "grass #00ff00\nstone\n");
    for (String name : List.of("p", "q")) {
      Drawn.rgb(root.resolve("images/" + name + ".jpg"), 8, 6, (x, y) -> 0x010203);
      Drawn.grey(root.resolve("labels/" + name + ".png"), 8, 6, (x, y) -> x % 2);
    }
    LabelledSet all = LabelledSets.open(root, "");
    assertThat(names(all)).containsExactly("p", "q");
    assertThat(all.classes().names()).containsExactly("grass", "stone");
    assertThat(all.read(1).labels().classes()).startsWith(0, 1, 0, 1);
    write("val.txt", "q.jpg\n");
    assertThat(names(LabelledSets.open(root, "val"))).containsExactly("q");
    Drawn.rgb(root.resolve("images/test/t.png"), 8, 6, (x, y) -> 0);
    Drawn.grey(root.resolve("labels/test/t.png"), 8, 6, (x, y) -> 2);
    assertThat(names(LabelledSets.open(root, "test"))).containsExactly("t");
    assertThat(LabelledSets.open(root, "test", LabelValues.from1(2)).read(0).labels().classes())
        .containsOnly(1);
  }

  @Test
  void namesTheFirstMissingFilesAndTheirNumber() throws IOException {
    write("classes.txt", "grass\n");
    Files.createDirectories(root.resolve("labels"));
    for (int i = 0; i < 8; i++) {
      Drawn.rgb(root.resolve("images/p" + i + ".jpg"), 8, 6, (x, y) -> 0);
    }
    assertThatThrownBy(() -> LabelledSets.open(root, ""))
        .isInstanceOf(LabelledSetException.class)
        .hasMessageContaining("8 of the 16 files that %s names are missing", root.resolve("images"))
        .hasMessageContaining(root.resolve("labels/p0.png") + ", " + root.resolve("labels/p1.png"))
        .hasMessageContaining("p4.png and others")
        .hasMessageNotContaining("p5.png");
  }

  @Test
  void namesBothSizesWherePictureAndLabelsDiffer() throws IOException {
    write("classes.txt", "grass\n");
    Path picture = Drawn.rgb(root.resolve("images/p.png"), 8, 6, (x, y) -> 0);
    Path labels = Drawn.grey(root.resolve("labels/p.png"), 6, 8, (x, y) -> 0);
    assertThatThrownBy(() -> LabelledSets.open(root, "").read(0))
        .isInstanceOf(LabelledSetException.class)
        .hasMessage(
            "picture and labels differ in size: %s is 8x6 the right way up, %s is 6x8",
            picture, labels);
  }

  @Test
  void saysWhatItLookedFor() throws IOException {
    assertThatThrownBy(() -> LabelledSets.open(root, "train"))
        .hasMessageContaining("split=train")
        .hasMessageContaining("trainannot or train.txt");
    Files.createDirectories(root.resolve("images"));
    assertThatThrownBy(() -> LabelledSets.open(root, ""))
        .hasMessageContaining("classes.txt is missing; write one class a line");
    write("classes.txt", "grass\n");
    Files.createDirectories(root.resolve("labels"));
    assertThatThrownBy(() -> LabelledSets.open(root, ""))
        .hasMessage("no pictures: " + root.resolve("images"));
    Drawn.rgb(root.resolve("images/p.png"), 8, 6, (x, y) -> 0);
    Drawn.rgb(root.resolve("images/p.jpg"), 8, 6, (x, y) -> 0);
    assertThatThrownBy(() -> LabelledSets.open(root, ""))
        .hasMessageContaining("two files have one name");
  }

  @Test
  void keepsDecodedPicturesUpToALimit() throws IOException {
    write("classes.txt", "grass\n");
    for (String name : List.of("p", "q")) {
      Drawn.rgb(root.resolve("images/" + name + ".png"), 8, 6, (x, y) -> 0);
      Drawn.grey(root.resolve("labels/" + name + ".png"), 8, 6, (x, y) -> 0);
    }
    CachedSet cached = new CachedSet(LabelledSets.open(root, ""), 8 * 6 * 4 + 1);
    LabelledPicture first = cached.read(0);
    LabelledPicture second = cached.read(1);
    assertThat(cached.read(0)).isSameAs(first);
    assertThat(cached.read(1)).isNotSameAs(second);
    assertThat(cached.size()).isEqualTo(2);
    assertThat(cached.name(1)).isEqualTo("q");
  }

  private void write(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static List<String> names(LabelledSet set) {
    return IntStream.range(0, set.size()).mapToObj(set::name).toList();
  }
}
