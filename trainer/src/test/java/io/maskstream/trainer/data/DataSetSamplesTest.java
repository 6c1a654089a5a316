package io.maskstream.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.maskstream.release.Palette;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What we say of data sets, compared with files of theirs.
class DataSetSamplesTest {

  private static final Map<String, String> OTHER_SPELLING =
      Map.of(
          "diningtable", "dining table", "pottedplant", "potted plant", "tvmonitor", "tv monitor");

  /// Names of the 459 labels that the list of 59 has otherwise (pascalcontext_layers.py).
  private static final Map<String, String> RENAMED =
      Map.of("diningtable", "table", "bedcloth", "bedclothes", "clothes", "cloth");

  @Test
  void classesAreThoseOfTheFcnPapersInTheirOrder() throws IOException {
    Path lists = shared("labels/fcn_berkeley_data");
    assertThat(Palette.known("pascal-context").names())
        .isEqualTo(context(lists).stream().map(DataSetSamplesTest::spelt).toList());
    assertThat(Palette.known("pascal-context-59").names())
        .isEqualTo(Palette.known("pascal-context").names().subList(1, 60));
    assertThat(Palette.known("nyudv2").names())
        .isEqualTo(Files.readAllLines(lists.resolve("nyud/classes.txt")).subList(0, 40));
    assertThat(Palette.known("voc").names())
        .isEqualTo(
            Files.readAllLines(lists.resolve("pascal/classes.txt")).subList(0, 21).stream()
                .map(DataSetSamplesTest::spelt)
                .toList());
    List<String> scenes =
        Files.readAllLines(lists.resolve("sift-flow/classes.txt")).stream()
            .filter(line -> line.matches("[0-9]+ .*"))
            .map(line -> line.substring(3).strip())
            .toList();
    assertThat(Palette.known("siftflow").names()).isEqualTo(scenes.subList(0, 33));
    assertThat(Palette.known("geometry").names()).isEqualTo(scenes.subList(33, 36));
  }

  @Test
  void pascalContextsNumbersAreThoseOfTheirNames() throws IOException {
    Path lists = shared("labels/fcn_berkeley_data");
    List<String> labels =
        Files.readAllLines(lists.resolve("pascal-context/classes-400.txt")).stream()
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .toList();
    List<String> classes = context(lists);
    LabelValues numbers = PascalContext.numbers(true);
    for (int number = 1; number <= labels.size(); number++) {
      String label = labels.get(number - 1);
      int expected =
          IntStream.range(1, classes.size())
              .filter(id -> RENAMED.getOrDefault(classes.get(id), classes.get(id)).equals(label))
              .findFirst()
              .orElse(0);
      assertThat(numbers.meaning(number)).as(label).isEqualTo(expected);
    }
    assertThat(labels).hasSize(459);
  }

  /// color150.mat is a compressed file of MATLAB's own.
  @Test
  void readsTheColoursThatAde20kKeepsInAMatlabFile() throws IOException {
    Path file = shared("labels/ade20k_sample").resolve("color150.mat");
    byte[] rgb = MatlabFile.labels(file, "colors", LabelValues.from0(255)).classes();
    List<Integer> colors = new ArrayList<>();
    for (int i = 0; i < rgb.length; i += 3) {
      colors.add((rgb[i] & 0xff) << 16 | (rgb[i + 1] & 0xff) << 8 | rgb[i + 2] & 0xff);
    }
    assertThat(colors).isEqualTo(Palette.known("ade20k").colors());
    assertThatThrownBy(() -> MatlabFile.labels(file, "S", LabelValues.from0(255)))
        .hasMessage("MATLAB file has no S: %s; it has colors", file);
    Path names = file.resolveSibling("objectName150.mat");
    assertThatThrownBy(() -> MatlabFile.labels(names, "objectNames", LabelValues.from0(255)))
        .hasMessageContaining("labels are no matrix: %s objectNames is a cell", names);
  }

  /// The sample has both files; somebody made them small one by one, so edges differ here and
  /// there.
  @Test
  void readsCityscapesIdsAsItsTrainIds() {
    Path root = shared("labels/mmseg_tests/pseudo_cityscapes_dataset");
    LabelledSet set = LabelledSets.open(root, "");
    assertThat(set.size()).isEqualTo(1);
    assertThat(set.name(0)).isEqualTo("frankfurt_000000_000294");
    Path labels = root.resolve("gtFine/frankfurt_000000_000294_gtFine_labelIds.png");
    byte[] fromIds = LabelFile.read(labels, Cityscapes.labelIds()).classes();
    byte[] fromTrainIds = set.read(0).labels().classes();
    long others =
        IntStream.range(0, fromIds.length).filter(i -> fromIds[i] != fromTrainIds[i]).count();
    assertThat(fromIds).hasSize(256 * 128);
    assertThat(others).isEqualTo(77);
    assertThat(set.read(0).labels().areas()[255]).isPositive();
    Path instances = root.resolve("gtFine/frankfurt_000000_000294_gtFine_instanceIds.png");
    assertThatThrownBy(() -> LabelFile.read(instances, Cityscapes.labelIds()))
        .isInstanceOf(LabelledSetException.class)
        .hasMessageContaining("labels have 16 bits: " + instances)
        .hasMessageContaining("instance ids");
  }

  /// Every list of the FCN papers has as many names as the papers say.
  @Test
  void readsTheListsOfTheFcnPapers() {
    Path lists = shared("labels/fcn_berkeley_data");
    Map<String, Integer> sizes =
        Map.of(
            "pascal/seg11valid", 736,
            "nyud/train", 381,
            "nyud/trainval", 795,
            "nyud/test", 654,
            "sift-flow/trainval", 2486,
            "sift-flow/test", 200);
    sizes.forEach((list, size) -> {
      String[] parts = list.split("/");
      assertThat(Folders.names(List.of(lists.resolve(parts[0])), parts[1]))
          .as(list)
          .hasSize(size)
          .doesNotHaveDuplicates();
    });
  }

  private static List<String> context(Path lists) throws IOException {
    return Files.readAllLines(lists.resolve("pascal-context/classes-59.txt")).stream()
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .toList();
  }

  private static String spelt(String name) {
    return OTHER_SPELLING.getOrDefault(name, name);
  }

  private static Path shared(String name) {
    Path path = Path.of(System.getProperty("maskstream.shared", "shared"), name);
    assumeTrue(Files.isDirectory(path), "real files are not here: " + path);
    return path;
  }
}
