package io.maskstream.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.maskstream.painting.RgbPicture;
import io.maskstream.trainer.data.Survey.ClassCount;
import io.maskstream.video.Size;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/// Golden values by Pillow 9.4 and numpy 1.24.
class RealSetsTest {

  private static final Offset<Double> TINY = within(1e-9);

  @Test
  void countsCamVid() {
    Path root = shared("camvid");
    LabelledSet train = LabelledSets.open(root, "train");
    assertThat(train.size()).isEqualTo(367);
    assertThat(train.name(0)).isEqualTo("0001TP_006690");
    assertThat(crc(train.read(0).picture().rgb())).isEqualTo("3813536f");
    assertThat(crc(train.read(0).labels().classes())).isEqualTo("fc3f2058");
    Survey survey = Survey.of(LabelledSets.open(root, "val"), _ -> {});
    assertThat(survey.problems()).isEmpty();
    assertThat(survey.remarks()).isEmpty();
    assertThat(survey.sizes()).isEqualTo(Map.of(new Size(480, 360), 101));
    assertThat(survey.classes().stream().map(ClassCount::pixels))
        .containsExactly(
            1601620L, 4531180L, 98499L, 5053176L, 1521751L, 2851125L, 155724L, 537197L, 304716L,
            113531L, 387010L);
    assertThat(survey.classes().stream().map(ClassCount::pictures)).containsOnly(101);
    assertThat(survey.ignored()).isEqualTo(297271);
    assertThat(survey.mean().get(0)).isCloseTo(79.97527898102311, TINY);
    assertThat(survey.mean().get(2)).isCloseTo(88.67652164695636, TINY);
    assertThat(survey.deviation().get(0)).isCloseTo(60.99104741250136, TINY);
    assertThat(survey.deviation().get(1)).isCloseTo(68.40247373775144, TINY);
    List<Double> median = ClassWeights.MEDIAN_FREQUENCY.of(survey);
    assertThat(median.get(0)).isCloseTo(0.33540852386958203, TINY);
    assertThat(median.get(7)).isCloseTo(1, TINY);
    assertThat(median.get(9)).isCloseTo(4.731720851573579, TINY);
    List<Double> inverseLog = ClassWeights.INVERSE_LOG.of(survey);
    assertThat(inverseLog.get(0)).isCloseTo(9.312598615563713, TINY);
    assertThat(inverseLog.get(9)).isCloseTo(38.06672653391181, TINY);
  }

  @Test
  void readsVocsPaletteAsIndices() {
    LabelledSet set = LabelledSets.open(shared("labels/voc_labelme/VOC2011_3"), "");
    assertThat(set.size()).isEqualTo(3);
    assertThat(areas(set.read(0))).isEqualTo(Map.of(0, 125767L, 5, 873L, 15, 32900L, 255, 9460L));
    assertThat(areas(set.read(1)))
        .isEqualTo(Map.of(0, 93492L, 9, 44306L, 15, 34791L, 18, 14002L, 255, 909L));
    assertThat(areas(set.read(2))).isEqualTo(Map.of(0, 62022L, 6, 118222L, 7, 7256L));
    // JPEG decoders may differ by a level or two.
    assertThat(mean(set.read(0).picture(), 0)).isCloseTo(97.4925858, within(0.2));
    assertThat(mean(set.read(1).picture(), 2)).isCloseTo(30.17821867, within(0.2));
  }

  @Test
  void readsAde20kCountedFromOne() {
    Path root = shared("labels/ade20k_sample/annotations");
    Map<Integer, Long> expected = new TreeMap<>();
    expected.putAll(Map.of(255, 17280L, 0, 8309L, 1, 49211L, 2, 85997L, 4, 20293L, 13, 341L));
    expected.put(17, 569L);
    byte[] classes =
        LabelFile.read(root.resolve("ADE_val_00000002.png"), LabelValues.from1(150)).classes();
    assertThat(areas(classes)).isEqualTo(expected);
    byte[] raw =
        LabelFile.read(root.resolve("ADE_val_00000003.png"), LabelValues.from0(150)).classes();
    assertThat(crc(raw)).isEqualTo("2ce04e4c");
  }

  @Test
  void surveysAde20k() {
    Survey survey = Survey.of(LabelledSets.open(shared("labels/ade20k_sample"), ""), _ -> {});
    assertThat(survey.problems()).isEmpty();
    assertThat(survey.pictures()).isEqualTo(3);
    assertThat(survey.text()).contains("wall", "tree").contains("of the 150 classes");
  }

  @Test
  void readsFourBitPalettes() {
    Path root = shared("labels/mmseg_tests");
    LabelValues values = LabelValues.from0(19);
    assertThat(crc(LabelFile.read(root.resolve("seg.png"), values).classes()))
        .isEqualTo("08168eb6");
    Path folder = root.resolve("pseudo_dataset/gts");
    assertThat(crc(LabelFile.read(folder.resolve("00000_gt.png"), values).classes()))
        .isEqualTo("cb5a9597");
    assertThat(crc(LabelFile.read(folder.resolve("00001_gt.png"), values).classes()))
        .isEqualTo("cad0589e");
  }

  @Test
  void turnsPicturesTheRightWayUp() {
    Path root = shared("labels/exif_orientation");
    String name = "padlock-406986_640_%s.jpg";
    // Upper left and upper right, 20 pixels from the edges.
    Map<String, List<Integer>> golden =
        Map.of(
            "horizontal", List.of(0, 74, 39, 24, 115, 74),
            "mirror_horizontal", List.of(27, 112, 71, 17, 103, 64),
            "rotate_180", List.of(25, 105, 70, 29, 132, 85),
            "mirror_vertical", List.of(29, 133, 84, 29, 110, 77),
            "mirror_horizontal_rotate_270", List.of(0, 74, 39, 29, 133, 84),
            "rotate_90", List.of(29, 133, 84, 0, 70, 36),
            "mirror_horizontal_rotate_90", List.of(25, 105, 70, 28, 113, 74),
            "rotate_270", List.of(27, 112, 71, 21, 101, 66));
    golden.forEach((way, colours) -> {
      RgbPicture picture = PictureFile.read(root.resolve(name.formatted(way)));
      boolean upright = way.contains("90") || way.contains("270");
      assertThat(picture.width()).as(way).isEqualTo(upright ? 426 : 640);
      int left = 3 * (20 * picture.width() + 20);
      int right = 3 * (20 * picture.width() + picture.width() - 20);
      for (int channel = 0; channel < 3; channel++) {
        assertThat(picture.rgb()[left + channel] & 0xff)
            .as(way)
            .isCloseTo(colours.get(channel), within(3));
        assertThat(picture.rgb()[right + channel] & 0xff)
            .as(way)
            .isCloseTo(colours.get(3 + channel), within(3));
      }
    });
  }

  private static Path shared(String name) {
    Path path = Path.of(System.getProperty("maskstream.shared", "shared"), name);
    assumeTrue(Files.isDirectory(path), "real pictures are not here: " + path);
    return path;
  }

  private static String crc(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return "%08x".formatted(crc.getValue());
  }

  private static Map<Integer, Long> areas(LabelledPicture picture) {
    return areas(picture.labels().classes());
  }

  private static Map<Integer, Long> areas(byte[] classes) {
    Map<Integer, Long> areas = new TreeMap<>();
    for (byte id : classes) {
      areas.merge(id & 0xff, 1L, Long::sum);
    }
    return areas;
  }

  private static double mean(RgbPicture picture, int channel) {
    List<Integer> levels = new ArrayList<>();
    for (int i = channel; i < picture.rgb().length; i += 3) {
      levels.add(picture.rgb()[i] & 0xff);
    }
    return levels.stream().mapToInt(level -> level).average().orElseThrow();
  }
}
