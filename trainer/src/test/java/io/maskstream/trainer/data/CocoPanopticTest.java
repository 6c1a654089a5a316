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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CocoPanopticTest {

  /// 3937500 and 2330219 are ids of COCO's own: 60, 20, 220 and 107, 142, 35 as bytes.
  private static final int[] COLORS = {
    0xdc143c, 0x6b8e23, 0, 0x010000, 0x020000, 0xdc143c, 0x6b8e23, 0x6b8e23
  };

  private static final String LIST =
      """
      {"info": {"year": 2018, "nested": [1, {"a": 2}]},
       "annotations": [{"image_id": 142238, "file_name": "000000142238.png", "segments_info": [
           {"id": 3937500, "category_id": 1, "iscrowd": 0, "area": 5, "bbox": [0, 0, 8, 6]},
           {"id": 2330219, "category_id": 184, "iscrowd": 0, "area": 5},
           {"id": 1, "category_id": 1, "iscrowd": 1},
           {"id": 2, "category_id": 13}]}],
       "images": [{"id": 142238, "file_name": "000000142238.jpg", "width": 8, "height": 6}],
       "categories": [
           {"id": 184, "name": "tree-merged", "isthing": 0, "color": [107, 142, 35]},
           {"id": 1, "name": "person", "isthing": 1, "color": [220, 20, 60]},
           {"id": 13, "name": "stop sign", "supercategory": "outdoor", "color": [220, 220, 0]}]}
      """;

  @TempDir Path root;
  private Path list;
  private Path pixels;

  @BeforeEach
  void layCoco() throws IOException {
    Laid.picture(root.resolve("val2017/000000142238.jpg"));
    list = text(root.resolve("annotations/panoptic_val2017.json"), LIST);
    // The first byte counts least, as in COCO.
    pixels = root.resolve("annotations/panoptic_val2017/000000142238.png");
    Drawn.rgb(pixels, WIDTH, HEIGHT, (x, y) -> COLORS[x]);
  }

  /// By the formula red + 256 green + 65536 blue the colours above are 3937500 and 2331243, so the
  /// list is made to fit.
  @Test
  void readsSegmentsAsClassesWithoutGaps() throws IOException {
    listed(LIST);
    LabelledSet set = LabelledSets.open(root, "val");
    assertThat(LabelledSets.recognised(root, "val")).contains("coco-panoptic");
    assertThat(names(set)).containsExactly("000000142238");
    assertThat(set.classes().names()).containsExactly("person", "stop sign", "tree-merged");
    assertThat(set.classes().colors()).containsExactly(0xdc143c, 0xdcdc00, 0x6b8e23);
    assertThat(firstRow(set.read(0))).containsExactly(0, 2, 255, 255, 1, 0, 2, 2);
    text(root.resolve("classes.txt"), "tree-merged\n");
    assertThat(firstRow(LabelledSets.open(root, "val2017").read(0)))
        .containsExactly(255, 0, 255, 255, 255, 255, 0, 0);
  }

  @Test
  void namesTheSegmentThatIsNotListed() throws IOException {
    listed(LIST.replace("\"id\": 2,", "\"id\": 3,"));
    assertThatThrownBy(() -> LabelledSets.open(root, "val").read(0))
        .isInstanceOf(LabelledSetException.class)
        .hasMessage(
            "segment is not listed: %s value=2 x=4 y=0; %s has 4 segments of it, and their categories",
            pixels, list);
    listed(LIST.replace("\"category_id\": 13", "\"category_id\": 14"));
    assertThatThrownBy(() -> LabelledSets.open(root, "val").read(0))
        .hasMessageContaining("value=2 x=4 y=0");
  }

  @Test
  void saysWhatIsWrongWithTheList() throws IOException {
    listed(LIST.replace("\"id\": 142238", "\"id\": 7"));
    assertThatThrownBy(() -> LabelledSets.open(root, "val"))
        .hasMessageContaining("picture is not listed: %s image_id=142238", list);
    listed(LIST.substring(0, LIST.length() / 2));
    assertThatThrownBy(() -> LabelledSets.open(root, "val"))
        .isInstanceOf(LabelledSetException.class)
        .hasMessageContaining("cannot read segments " + list);
    listed("[1, 2]");
    assertThatThrownBy(() -> LabelledSets.open(root, "val"))
        .hasMessageContaining("segments are no object: " + list);
    listed("{\"annotations\": [{\"id\": 1, \"bbox\": [1, 2]}]}");
    assertThatThrownBy(() -> LabelledSets.open(root, "val"))
        .hasMessageContaining("annotation has no image_id or file_name: %s line=1", list);
    assertThatThrownBy(() -> LabelledSets.open("coco-panoptic", root, "train", Modalities.COLOR))
        .hasMessageContaining("panoptic_train.json; there are panoptic_val2017");
  }

  private void listed(String json) throws IOException {
    text(list, json.replace("2330219", String.valueOf(0x6b + 256 * 0x8e + 65536 * 0x23)));
  }
}
