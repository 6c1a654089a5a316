package io.maskstream.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GeneratedSetsTest {

  /// Sets that share their folders with another, which is recognised instead.
  private static final Map<String, String> LOOKS_LIKE =
      Map.of("vocaug", "voc", "pascal-context-59", "pascal-context");

  /// Splits that no file of theirs makes.
  private static final Set<String> WITHOUT_OWN_LISTS =
      Set.of("plain", "camvid", "cityscapes", "ade20k", "coco-panoptic");

  @TempDir Path root;

  static List<String> names() {
    return LabelledSets.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void everySetIsReadInTheFilesThatItIsPublishedIn(String name) throws IOException {
    GeneratedSets.lay(name, root, 2, 40, 32);
    for (String split : List.of("train", "val")) {
      assertThat(LabelledSets.recognised(root, split))
          .contains(LOOKS_LIKE.getOrDefault(name, name));
      LabelledSet set = LabelledSets.open(name, root, split, Modalities.COLOR);
      int expected = name.equals("vocaug") && split.equals("train") ? 4 : 2;
      assertThat(set.size()).isEqualTo(expected);
      Survey survey = Survey.of(set, _ -> {});
      assertThat(survey.problems()).isEmpty();
      assertThat(survey.pixels()).isPositive();
    }
    if (!WITHOUT_OWN_LISTS.contains(name)) {
      assertThat(LabelledSets.open(name, root, "trainval", Modalities.COLOR).size())
          .isGreaterThanOrEqualTo(2);
    }
  }
}
