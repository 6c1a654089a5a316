package io.maskstream.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Set;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class ScoresTest {

  private static final Offset<Double> EXACT = within(1e-12);

  /// Pixel by pixel as Long, Shelhamer & Darrell 2015, section 5, define the metrics, with no
  /// confusion matrix.
  @Test
  void equalsTheFormulasWrittenNaivelyOnRandomPictures() {
    SplittableRandom random = new SplittableRandom(1337);
    for (int round = 0; round < 40; round++) {
      int classes = random.nextInt(1, 25);
      int shown = random.nextInt(1, classes + 1); // the others are absent
      int pixels = 2000;
      byte[] truth = new byte[pixels];
      byte[] prediction = new byte[pixels];
      for (int i = 0; i < pixels; i++) {
        truth[i] = (byte) (random.nextInt(10) == 0 ? 255 : random.nextInt(shown));
        prediction[i] =
            random.nextBoolean() && (truth[i] & 0xff) != 255
                ? truth[i]
                : (byte) (random.nextInt(20) == 0 ? 255 : random.nextInt(shown));
      }
      ConfusionMatrix matrix = new ConfusionMatrix(classes);
      matrix.add(truth, prediction);
      Scores scores = Scores.of(matrix);
      double right = 0;
      double all = 0;
      double accuracies = 0;
      double present = 0;
      double ious = 0;
      double unions = 0;
      double weighted = 0;
      for (int c = 0; c < classes; c++) {
        double intersection = 0;
        double union = 0;
        double ofClass = 0;
        for (int i = 0; i < pixels; i++) {
          if ((truth[i] & 0xff) != 255) {
            boolean is = truth[i] == c;
            boolean said = prediction[i] == c;
            intersection += is && said ? 1 : 0;
            union += is || said ? 1 : 0;
            ofClass += is ? 1 : 0;
          }
        }
        right += intersection;
        all += ofClass;
        if (ofClass > 0) {
          accuracies += intersection / ofClass;
          present++;
          weighted += ofClass * (intersection / union);
        }
        if (union > 0) {
          ious += intersection / union;
          unions++;
          assertThat(scores.perClass().get(c).iou()).isCloseTo(intersection / union, EXACT);
        } else {
          assertThat(scores.perClass().get(c).iou()).isNaN();
        }
      }
      assertThat(scores.pixelAccuracy()).isCloseTo(right / all, EXACT);
      assertThat(scores.meanAccuracy()).isCloseTo(accuracies / present, EXACT);
      assertThat(scores.meanIou()).isCloseTo(ious / unions, EXACT);
      assertThat(scores.frequencyWeightedIou()).isCloseTo(weighted / all, EXACT);
      assertThat(scores.pixels()).isEqualTo((long) all);
    }
  }

  @Test
  void leavesOutClassesThatAreNowhereButNotThoseThatAreWronglyPredicted() {
    ConfusionMatrix matrix = new ConfusionMatrix(4);
    // Class 0: 3 of 4 right, 1 taken for class 2, which is not there; 1 and 3 are nowhere.
    matrix.add(new byte[] {0, 0, 0, 0}, new byte[] {0, 0, 0, 2});
    Scores scores = Scores.of(matrix);
    assertThat(scores.pixelAccuracy()).isEqualTo(0.75);
    assertThat(scores.meanAccuracy()).isEqualTo(0.75);
    assertThat(scores.meanIou()).isEqualTo((0.75 + 0) / 2);
    assertThat(scores.frequencyWeightedIou()).isEqualTo(0.75);
    assertThat(scores.perClass().get(2).precision()).isZero();
    assertThat(scores.perClass().get(1).precision()).isNaN();
  }

  /// Shelhamer's own metrics leave cow, desert and moon out of SIFT Flow's means.
  @Test
  void leavesUncountedClassesOutOfMeansAlone() {
    ConfusionMatrix matrix = new ConfusionMatrix(3);
    matrix.add(new byte[] {0, 0, 0, 0, 1, 1, 2}, new byte[] {0, 0, 0, 2, 1, 0, 1});
    Scores all = Scores.of(matrix);
    Scores scores = Scores.of(matrix, Set.of(2));
    assertThat(scores.meanIou()).isCloseTo((3 / 5.0 + 1 / 3.0) / 2, EXACT);
    assertThat(scores.meanAccuracy()).isCloseTo((3 / 4.0 + 1 / 2.0) / 2, EXACT);
    assertThat(all.meanIou()).isCloseTo((3 / 5.0 + 1 / 3.0 + 0) / 3, EXACT);
    assertThat(scores.pixelAccuracy()).isEqualTo(all.pixelAccuracy()).isCloseTo(4 / 7.0, EXACT);
    assertThat(scores.frequencyWeightedIou()).isEqualTo(all.frequencyWeightedIou());
    assertThat(scores.perClass()).isEqualTo(all.perClass());
  }

  @Test
  void countsAPredictionOfNoClassAsMissedOnly() {
    ConfusionMatrix matrix = new ConfusionMatrix(2);
    matrix.add(new byte[] {0, 0, 1, -1}, new byte[] {0, -1, 1, 0});
    Scores scores = Scores.of(matrix);
    assertThat(scores.pixels()).isEqualTo(3);
    assertThat(scores.perClass().get(0).iou()).isEqualTo(0.5);
    assertThat(scores.perClass().get(1).iou()).isEqualTo(1);
    assertThat(scores.pixelAccuracy()).isEqualTo(2 / 3.0);
  }

  @Test
  void addsUpWhatThreadsCountedApart() {
    ConfusionMatrix one = new ConfusionMatrix(2);
    ConfusionMatrix other = new ConfusionMatrix(2);
    one.add(new byte[] {0, 1}, new byte[] {1, 1});
    other.add(new byte[] {0}, new byte[] {1});
    one.add(other);
    assertThat(one.count(0, 1)).isEqualTo(2);
    assertThat(one.ofClass(0)).isEqualTo(2);
    assertThat(one.asClass(1)).isEqualTo(3);
    assertThat(one.pixels()).isEqualTo(3);
  }

  @Test
  void hasNoScoreWhereNothingCounts() {
    Scores scores = Scores.of(new ConfusionMatrix(3));
    assertThat(scores.pixels()).isZero();
    assertThat(scores.meanIou()).isNaN();
    assertThat(scores.pixelAccuracy()).isNaN();
    assertThat(scores.frequencyWeightedIou()).isNaN();
  }

  @Test
  void refusesClassesThatItDoesNotCount() {
    ConfusionMatrix matrix = new ConfusionMatrix(3);
    assertThatThrownBy(() -> matrix.add(new byte[] {0, 3}, new byte[] {0, 0}))
        .hasMessage("class is out of range: truth=3 prediction=0 pixel=1 classes=3");
    assertThatThrownBy(() -> matrix.add(new byte[] {0}, new byte[] {7}))
        .hasMessageContaining("prediction=7");
    assertThatThrownBy(() -> matrix.add(new byte[2], new byte[3]))
        .hasMessageContaining("truth=2 prediction=3");
    assertThatThrownBy(() -> matrix.add(new ConfusionMatrix(4))).hasMessageContaining("3 and 4");
    assertThatThrownBy(() -> new ConfusionMatrix(256)).hasMessageContaining("256");
  }
}
