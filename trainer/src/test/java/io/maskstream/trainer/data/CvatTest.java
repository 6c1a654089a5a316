package io.maskstream.trainer.data;

import static io.maskstream.trainer.data.Laid.HEIGHT;
import static io.maskstream.trainer.data.Laid.WIDTH;
import static io.maskstream.trainer.data.Laid.firstRow;
import static io.maskstream.trainer.data.Laid.names;
import static io.maskstream.trainer.data.Laid.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CvatTest {

  private static final String LABEL_MAP =
      """
      # label:color_rgb:parts:actions
      background:0,0,0::
      car:128,0,64::
      sea lion:250,250,55::
      """;

  private static final int[] COLORS = {0x800040, 0xfafa37, 0, 0, 0, 0, 0, 0x800040};

  @TempDir Path root;

  @Test
  void readsMasksByTheColoursOfTheLabelMap() throws IOException {
    Path mask = masks();
    LabelledSet set = LabelledSets.open(root, "default");
    assertThat(LabelledSets.recognised(root, "default")).contains("cvat");
    assertThat(names(set)).containsExactly("a");
    assertThat(set.classes().names()).containsExactly("background", "car", "sea lion");
    assertThat(set.classes().colors()).containsExactly(0, 0x800040, 0xfafa37);
    assertThat(firstRow(set.read(0))).containsExactly(1, 2, 0, 0, 0, 0, 0, 1);
    Drawn.grey(mask, WIDTH, HEIGHT, (x, y) -> x % 3);
    assertThat(firstRow(LabelledSets.open(root, "").read(0))).startsWith(0, 1, 2, 0);
  }

  @Test
  void ignoresLabelsThatTheClassesLack() throws IOException {
    masks();
    text(root.resolve("classes.txt"), "sea lion\ncar\n");
    LabelledSet set = LabelledSets.open("cvat", root, "default", Modalities.COLOR);
    assertThat(firstRow(set.read(0))).containsExactly(1, 0, 255, 255, 255, 255, 255, 1);
  }

  @Test
  void namesTheColourThatIsNoLabels() throws IOException {
    Path mask = masks();
    Drawn.rgb(mask, WIDTH, HEIGHT, (x, y) -> x == 3 && y == 2 ? 0x010203 : 0);
    assertThatThrownBy(() -> LabelledSets.open(root, "").read(0))
        .isInstanceOf(LabelledSetException.class)
        .hasMessage("colour is no label's: %s value=1,2,3 x=3 y=2; add it to labelmap.txt", mask);
    text(root.resolve("labelmap.txt"), "car:128,0::\n");
    assertThatThrownBy(() -> LabelledSets.open(root, ""))
        .hasMessageContaining("label has no colour: " + root.resolve("labelmap.txt"))
        .hasMessageContaining("car:128,0::; a line is name:r,g,b::");
  }

  @Test
  void paintsPolygonsAndMasksInTheirOrder() throws IOException {
    Laid.picture(root.resolve("images/a.jpg"));
    Laid.picture(root.resolve("images/b.jpg"));
    annotations(
        """
        <image id="0" name="a.jpg" subset="Train" width="8" height="6">
          <polygon label="lion" source="manual" occluded="0" z_order="1"
              points="4.00,0.00;8.00,0.00;8.00,3.00;4.00,3.00"><attribute name="age">3</attribute>
          </polygon>
          <mask label="car" occluded="0" rle="1, 4, 1" left="3" top="0" width="3" height="2" z_order="0">
          </mask>
          <box label="car" xtl="0.00" ytl="0.00" xbr="8.00" ybr="6.00" z_order="9"></box>
          <tag label="car"></tag>
        </image>
        <image id="1" name="b.jpg" subset="Val" width="8" height="6"></image>
        """);
    LabelledSet all = LabelledSets.open(root, "");
    assertThat(LabelledSets.recognised(root, "")).contains("cvat");
    assertThat(names(all)).containsExactly("a", "b");
    assertThat(all.classes().names()).containsExactly("background", "car", "lion");
    assertThat(all.classes().colors().subList(1, 3)).containsExactly(0x2080c0, 0xff00cc);
    LabelledPicture first = all.read(0);
    assertThat(firstRow(first)).containsExactly(0, 0, 0, 0, 2, 2, 2, 2);
    assertThat(first.labels().classes()[WIDTH + 3]).isEqualTo((byte) 1);
    assertThat(first.labels().classes()[2 * WIDTH + 3]).isZero();
    assertThat(first.labels().classes()[3 * WIDTH + 5]).isZero();
    assertThat(all.read(1).labels().classes()).containsOnly(0);
    assertThat(names(LabelledSets.open(root, "val"))).containsExactly("b");
    text(root.resolve("mine.txt"), "a.jpg\n");
    assertThat(names(LabelledSets.open(root, "mine"))).containsExactly("a");
    assertThatThrownBy(() -> LabelledSets.open(root, "test"))
        .hasMessageContaining("none of the subset test; there are [Train, Val]");
    text(root.resolve("classes.txt"), "lion\n");
    assertThat(firstRow(LabelledSets.open(root, "").read(0)))
        .containsExactly(255, 255, 255, 255, 0, 0, 0, 0);
  }

  @Test
  void namesThePictureAndLineOfAShapeThatCannotBeRead() throws IOException {
    Laid.picture(root.resolve("images/a.jpg"));
    annotations(
        """
        <image id="0" name="a.jpg" width="8" height="6">
          <mask label="car" rle="1, 4" left="3" top="0" width="3" height="2"></mask>
        </image>
        """);
    Path file = root.resolve("annotations.xml");
    assertThatThrownBy(() -> LabelledSets.open(root, ""))
        .isInstanceOf(LabelledSetException.class)
        .hasMessage(
            "shape cannot be read: runs do not fill the mask: pixels=5 mask=3x2: %s line=13 image=a.jpg; export the task again",
            file);
    annotations(
        "<image name='a.jpg' width='8' height='6'><polygon label='bus' points='1,1'/></image>");
    assertThatThrownBy(() -> LabelledSets.open(root, ""))
        .hasMessageContaining("label is not listed: bus: %s line=12", file);
    annotations("<image name='a.jpg' width='9' height='6'></image>");
    assertThatThrownBy(() -> LabelledSets.open(root, "").read(0))
        .hasMessageContaining("a.jpg is 8x6 the right way up, %s is 9x6", file);
    annotations("<track id='0' label='car'></track>");
    assertThatThrownBy(() -> LabelledSets.open(root, ""))
        .hasMessageContaining("tracks are of a video")
        .hasMessageContaining("export it as CVAT for images 1.1");
    text(file, "<annotations><image");
    assertThatThrownBy(() -> LabelledSets.open(root, ""))
        .hasMessageContaining("cannot read annotations " + file);
    assertThatThrownBy(
            () -> LabelledSets.open("cvat", root.resolve("images"), "", Modalities.COLOR))
        .hasMessageContaining("no export of CVAT");
  }

  private Path masks() throws IOException {
    Laid.picture(root.resolve("JPEGImages/a.png"));
    text(root.resolve("labelmap.txt"), LABEL_MAP);
    text(root.resolve("ImageSets/Segmentation/default.txt"), "a\n");
    return Drawn.rgb(root.resolve("SegmentationClass/a.png"), WIDTH, HEIGHT, (x, y) -> COLORS[x]);
  }

  private void annotations(String images) throws IOException {
    text(
        root.resolve("annotations.xml"),
        """
        <?xml version="1.0" encoding="utf-8"?>
        <annotations>
          <version>1.1</version>
          <meta><task><id>4</id><name>street</name><size>2</size>
            <labels>
              <label><name>car</name><color>#2080c0</color><type>any</type><attributes></attributes></label>
              <label><name>lion</name><color>#ff00cc</color><attributes>
                <attribute><name>age</name><input_type>number</input_type></attribute></attributes>
              </label>
            </labels>
            <owner><username>me</username></owner></task></meta>
        """
            + images
            + "</annotations>\n");
  }
}
