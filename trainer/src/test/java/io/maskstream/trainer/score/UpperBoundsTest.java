package io.maskstream.trainer.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.maskstream.camera.Scene.Look;
import io.maskstream.painting.ClassPicture;
import io.maskstream.score.ConfusionMatrix;
import io.maskstream.score.Scores;
import io.maskstream.trainer.data.LabelledSet;
import io.maskstream.trainer.data.Scenes;
import org.junit.jupiter.api.Test;

class UpperBoundsTest {

  private static final int FACTOR = 8;

  /// One-hot planes, averaged over cells and resized with loops over doubles.
  @Test
  void equalsAveragingAndResizingEachClassNaively() {
    LabelledSet streets = Scenes.of(9, 2, 107, 61, Look.VARIED);
    ConfusionMatrix matrix = new ConfusionMatrix(streets.classes().size());
    for (int i = 0; i < streets.size(); i++) {
      ClassPicture labels = streets.read(i).labels();
      byte[] classes = labels.classes().clone();
      for (int hole = 0; hole < 900; hole++) {
        classes[hole * 7 % classes.length] = -1;
      }
      ClassPicture holed = new ClassPicture(107, 61, classes);
      byte[] coarse = UpperBounds.coarse(holed, FACTOR);
      for (int y = 0; y < 61; y++) {
        for (int x = 0; x < 107; x++) {
          double best = 0;
          double given = 0;
          for (int id = 0; id < streets.classes().size(); id++) {
            double share = share(holed, id, x, y);
            best = Math.max(best, share);
            given = coarse[y * 107 + x] == id ? share : given;
          }
          assertThat(given).as("pixel %d,%d", x, y).isCloseTo(best, within(1e-5));
        }
      }
      matrix.add(labels.classes(), UpperBounds.coarse(labels, FACTOR));
    }
    UpperBounds bounds = UpperBounds.of(streets);
    assertThat(bounds.scores().get(FACTOR)).isEqualTo(Scores.of(matrix));
    assertThat(bounds.scores().get(4).meanIou())
        .isGreaterThan(bounds.scores().get(16).meanIou())
        .isLessThan(1);
    assertThat(bounds.text().lines()).hasSize(7).anyMatch(line -> line.startsWith("   128    0."));
  }

  private static double share(ClassPicture labels, int id, int x, int y) {
    double column = Math.min(13, Math.max(0, (x + 0.5) / FACTOR - 0.5));
    double row = Math.min(7, Math.max(0, (y + 0.5) / FACTOR - 0.5));
    double sum = 0;
    for (int cellY = 0; cellY < 8; cellY++) {
      for (int cellX = 0; cellX < 14; cellX++) {
        double weight =
            Math.max(0, 1 - Math.abs(column - cellX)) * Math.max(0, 1 - Math.abs(row - cellY));
        sum += weight == 0 ? 0 : weight * inCell(labels, id, cellX, cellY);
      }
    }
    return sum;
  }

  private static double inCell(ClassPicture labels, int id, int cellX, int cellY) {
    double of = 0;
    double all = 0;
    for (int y = cellY * FACTOR; y < Math.min(61, cellY * FACTOR + FACTOR); y++) {
      for (int x = cellX * FACTOR; x < Math.min(107, cellX * FACTOR + FACTOR); x++) {
        int label = labels.classes()[y * 107 + x];
        of += label == id ? 1 : 0;
        all += label >= 0 ? 1 : 0;
      }
    }
    return all == 0 ? 0 : of / all;
  }
}
