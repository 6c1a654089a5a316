package io.maskstream.trainer.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maskstream.painting.ClassPicture;
import io.maskstream.release.Palette;
import io.maskstream.score.ConfusionMatrix;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ScoreReportTest {

  private static final Palette CLASSES =
      new Palette(List.of("road", "car", "cow"), List.of(1, 2, 3));

  private static ConfusionMatrix matrix() {
    ConfusionMatrix matrix = new ConfusionMatrix(3);
    matrix.add(
        new byte[] {0, 0, 0, 0, 0, 0, 1, 1, 1, 1, -1},
        new byte[] {0, 0, 0, 0, 0, 1, 1, 1, 0, -1, 0});
    return matrix;
  }

  @Test
  void isATableForPeople() {
    assertThat(new ScoreReport(CLASSES, 1, matrix()).text())
        .isEqualTo(
            """
            CLASS     IOU  ACCURACY  PRECISION    SHARE  MOST TAKEN FOR
            road   0.7143    0.8333     0.8333  60.00 %  car 16.67 %
            car    0.4000    0.5000     0.6667  40.00 %  road 25.00 %
            cow         -         -          -   0.00 %

            mean IoU                0.5571
            pixel accuracy          0.7000
            mean accuracy           0.6667
            frequency-weighted IoU  0.5886
            pictures 1, pixels 10
            """);
  }

  @Test
  void saysWhatMeansLeaveOutAndHowPicturesWereShown() {
    BoundaryCounts boundaries = new BoundaryCounts(3);
    boundaries.add(new ClassPicture(2, 2, new byte[] {0, 0, 1, 1}), new byte[] {0, 1, 1, 1});
    ScoreReport report =
        new ScoreReport(CLASSES, 1, matrix())
            .without(Set.of(1))
            .along(boundaries)
            .shown("pictures whole, and mirrored");
    assertThat(report.text())
        .isEqualTo(
            """
            CLASS     IOU  BOUNDARY  ACCURACY  PRECISION    SHARE  MOST TAKEN FOR
            road   0.7143    0.5000    0.8333     0.8333  60.00 %  car 16.67 %
            *car   0.4000    0.6667    0.5000     0.6667  40.00 %  road 25.00 %
            cow         -         -         -          -   0.00 %

            mean IoU                0.7143
            mean boundary IoU       0.5000
            pixel accuracy          0.7000
            mean accuracy           0.8333
            frequency-weighted IoU  0.5886
            pictures 1, pixels 10
            * not in means
            shown: pictures whole, and mirrored
            """);
    assertThat(report.json())
        .contains("\"mean_boundary_iou\":0.5,\"not_in_means\":[\"car\"],\"shown\":\"pictures whole")
        .contains("\"pixels\":4,\"boundary_iou\":0.6666");
  }

  @Test
  void printsWhatEachClassWasTakenForInPercent() {
    assertThat(new ScoreReport(CLASSES, 1, matrix()).confusion())
        .isEqualTo(
            """
                PERCENT OF      0      1      2   none
              0 road        83.33  16.67      .      .
              1 car         25.00  50.00      .  25.00
              2 cow             .      .      .      .
            """);
  }

  @Test
  void isJsonForPrograms() {
    assertThat(new ScoreReport(CLASSES, 1, matrix()).json())
        .startsWith("{\"pictures\":1,\"pixels\":10,\"mean_iou\":0.557142857142857")
        .contains("\"pixel_accuracy\":0.7,\"mean_accuracy\":0.6666666666666667")
        .contains("{\"id\":1,\"name\":\"car\",\"iou\":0.4,\"accuracy\":0.5,\"precision\":0.66666")
        .contains("{\"id\":2,\"name\":\"cow\",\"iou\":null,\"accuracy\":null,\"precision\":null")
        .endsWith("\"confusion\":[[5,1,0,0],[1,2,0,1],[0,0,0,0]]}");
  }

  @Test
  void writesJsonThatCanBeReadBack() {
    assertThat(Json.write(Map.of("a\"b\\c\n\u0001", List.of(1, 2.5, true, "x"))))
        .isEqualTo("{\"a\\\"b\\\\c\\n\\u0001\":[1,2.5,true,\"x\"]}");
    assertThat(Json.write(Arrays.asList(null, Double.NaN, Float.POSITIVE_INFINITY)))
        .isEqualTo("[null,null,null]");
    assertThatThrownBy(() -> Json.write(new Object())).hasMessageContaining("java.lang.Object");
  }

  @Test
  void findsTheWorstPicturesAndTypicalOnes() {
    PictureScores scores = new PictureScores();
    for (int i = 0; i < 9; i++) {
      ConfusionMatrix matrix = new ConfusionMatrix(2);
      byte[] truth = new byte[10];
      byte[] prediction = new byte[10];
      Arrays.fill(prediction, 0, i * 5 % 9, (byte) 1);
      matrix.add(truth, prediction);
      scores.add(i, "p" + i, matrix);
    }
    scores.add(99, "void", new ConfusionMatrix(2));
    // Wrong pixels of picture i are 5i mod 9: 0 5 1 6 2 7 3 8 4.
    assertThat(scores.worst(2)).extracting(PictureScores.PictureScore::index).containsExactly(7, 5);
    assertThat(scores.typical(3, 2))
        .extracting(PictureScores.PictureScore::index)
        .containsExactly(1, 8, 6);
    assertThat(scores.typical(20, 2)).hasSize(7);
  }

  @Test
  void refusesNamesThatDoNotFit() {
    assertThatThrownBy(() -> new ScoreReport(CLASSES, 1, new ConfusionMatrix(4)))
        .hasMessage("report names 3 classes, the confusion matrix has 4");
  }
}
