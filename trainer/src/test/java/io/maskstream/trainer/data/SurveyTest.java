package io.maskstream.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.maskstream.release.Palette;
import io.maskstream.trainer.data.Survey.ClassCount;
import io.maskstream.video.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SurveyTest {

  private static final Palette CLASSES =
      new Palette(List.of("grass", "stone", "water"), List.of(1, 2, 3));

  @TempDir Path root;

  @Test
  void countsClassesColoursAndSizes() {
    byte[] some = new byte[12];
    some[0] = 30; // red of the first of four pixels
    some[4] = 8; // green of the second
    LabelledSet set =
        Drawn.of(
            CLASSES,
            List.of(
                Drawn.picture("a", 2, 2, some, new byte[] {0, 0, 1, -1}),
                Drawn.picture("b", 4, 1, new byte[12], new byte[] {0, 0, 0, 0}),
                Drawn.picture("c", 2, 2, new byte[12], new byte[] {-1, -1, -1, -1})));
    List<Integer> progress = new ArrayList<>();
    Survey survey = Survey.of(set, progress::add);
    assertThat(progress).containsExactly(1, 2, 3);
    assertThat(survey.pictures()).isEqualTo(3);
    assertThat(survey.sizes()).isEqualTo(Map.of(new Size(2, 2), 2, new Size(4, 1), 1));
    assertThat(survey.classes())
        .containsExactly(
            new ClassCount("grass", 2, 6, 7),
            new ClassCount("stone", 1, 1, 3),
            new ClassCount("water", 0, 0, 0));
    assertThat(survey.ignored()).isEqualTo(5);
    assertThat(survey.mean()).containsExactly(30 / 12.0, 8 / 12.0, 0.0);
    assertThat(survey.deviation().get(0))
        .isCloseTo(Math.sqrt((27.5 * 27.5 + 11 * 2.5 * 2.5) / 12), within(1e-12));
    assertThat(survey.problems()).isEmpty();
    assertThat(survey.remarks())
        .containsExactly("every pixel is ignored: c", "no picture shows class 2 (water)");
    assertThat(survey.text())
        .contains("pictures  3, sizes 2x2 (2), 4x1 (1)\n")
        .contains("  0  grass   85.71 %         2\n")
        .contains("remark: no picture shows class 2 (water)\n");
    assertThat(survey.properties())
        .containsEntry("pictures", 3)
        .containsEntry("sizes", Map.of("2x2", 2, "4x1", 1))
        .containsEntry("ignored_pixels", 5L);
  }

  @Test
  void weighsRareClassesMore() {
    List<ClassCount> classes =
        List.of(
            new ClassCount("grass", 9, 700, 1000),
            new ClassCount("stone", 2, 20, 200),
            new ClassCount("water", 1, 30, 100),
            new ClassCount("lava", 0, 0, 0));
    Survey survey = new Survey(9, Map.of(), classes, 0, List.of(), List.of(), List.of(), List.of());
    assertThat(ClassWeights.EVEN.of(survey)).containsExactly(1.0, 1.0, 1.0, 0.0);
    assertThat(ClassWeights.MEDIAN_FREQUENCY.of(survey))
        .containsExactly(0.3 / 0.7, 0.3 / 0.1, 1.0, 0.0);
    assertThat(ClassWeights.INVERSE_LOG.of(survey).get(1))
        .isCloseTo(1 / Math.log(1.02 + 20 / 750.0), within(1e-12));
  }

  @Test
  void findsEveryPictureThatCannotBeUsed() throws IOException {
    Files.writeString(root.resolve("classes.txt"), "grass\nstone\n");
    for (int i = 0; i < 5; i++) {
      int value = i == 1 ? 7 : 1;
      Drawn.rgb(root.resolve("images/p" + i + ".png"), 8, 6, (x, y) -> 0x010203);
      Drawn.grey(root.resolve("labels/p" + i + ".png"), i == 3 ? 7 : 8, 6, (x, y) -> value);
    }
    Files.write(root.resolve("images/p4.png"), new byte[] {1, 2, 3});
    Survey survey = Survey.of(LabelledSets.open(root, ""), _ -> {});
    assertThat(survey.pictures()).isEqualTo(2);
    assertThat(survey.problems()).hasSize(3);
    assertThat(survey.problems().get(0)).contains("p1.png value=7 x=0 y=0");
    assertThat(survey.problems().get(1)).contains("p3.png is 8x6").contains("is 7x6");
    assertThat(survey.problems().get(2)).contains("cannot read image").contains("p4.png");
    assertThat(survey.mean()).containsExactly(1.0, 2.0, 3.0);
  }
}
