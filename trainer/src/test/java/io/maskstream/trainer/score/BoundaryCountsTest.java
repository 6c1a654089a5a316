package io.maskstream.trainer.score;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.painting.ClassPicture;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BoundaryCountsTest {

  private static final int CLASSES = 4;
  private static final int VOID = 255;

  /// Cheng et al. 2021: the pixels of each mask that are within d of its contour, by looking at the
  /// whole neighbourhood of each pixel of each class's mask; outside of the picture is not the
  /// mask.
  @Test
  void equalsTheDefinitionWrittenNaively() {
    SplittableRandom random = new SplittableRandom(41);
    int[][] sizes = {{9, 7, 1}, {90, 60, 2}, {61, 130, 3}}; // d = 0.02 of 11.4, 108.2 and 143.6
    BoundaryCounts counts = new BoundaryCounts(CLASSES);
    long[] both = new long[CLASSES];
    long[] either = new long[CLASSES];
    for (int[] size : sizes) {
      int width = size[0];
      int height = size[1];
      byte[] truth = blobs(random, width, height);
      byte[] prediction = truth.clone();
      for (int box = 0; box < 6; box++) {
        box(prediction, random, width, height, random.nextInt(CLASSES));
      }
      for (int box = 0; box < 3; box++) {
        box(truth, random, width, height, VOID);
      }
      prediction[0] = (byte) VOID;
      counts.add(new ClassPicture(width, height, truth), prediction);
      for (int id = 0; id < CLASSES; id++) {
        boolean[] is = new boolean[truth.length];
        boolean[] said = new boolean[truth.length];
        for (int i = 0; i < truth.length; i++) {
          is[i] = truth[i] == id;
          said[i] = prediction[i] == id && truth[i] != (byte) VOID;
        }
        for (int i = 0; i < truth.length; i++) {
          boolean edge = nearContour(is, i, width, height, size[2]);
          boolean saidEdge = nearContour(said, i, width, height, size[2]);
          both[id] += edge && saidEdge ? 1 : 0;
          either[id] += edge || saidEdge ? 1 : 0;
        }
      }
    }
    for (int id = 0; id < CLASSES; id++) {
      assertThat(either[id]).isGreaterThan(both[id]);
      assertThat(counts.iou(id)).isEqualTo(both[id] / (double) either[id]);
    }
  }

  private static boolean nearContour(boolean[] mask, int i, int width, int height, int d) {
    for (int y = i / width - d; y <= i / width + d; y++) {
      for (int x = i % width - d; x <= i % width + d; x++) {
        boolean inside = x >= 0 && y >= 0 && x < width && y < height;
        if (mask[i] && (!inside || !mask[y * width + x])) {
          return true;
        }
      }
    }
    return false;
  }

  private static byte[] blobs(SplittableRandom random, int width, int height) {
    byte[] classes = new byte[width * height];
    for (int box = 0; box < 12; box++) {
      box(classes, random, width, height, random.nextInt(CLASSES));
    }
    return classes;
  }

  private static void box(byte[] classes, SplittableRandom random, int width, int height, int id) {
    int left = random.nextInt(width);
    int top = random.nextInt(height);
    int right = Math.min(width, left + 1 + random.nextInt(width / 2));
    int bottom = Math.min(height, top + 1 + random.nextInt(height / 2));
    for (int y = top; y < bottom; y++) {
      Arrays.fill(classes, y * width + left, y * width + right, (byte) id);
    }
  }

  /// A square of 40 x 40, seen 2 pixels too far right.
  @Test
  void asksMoreOfASquareSeenBesideItsPlaceThanIouDoes() {
    byte[] truth = square(30);
    byte[] prediction = square(32);
    BoundaryCounts counts = new BoundaryCounts(2);
    counts.add(new ClassPicture(100, 100, truth), prediction);
    // d is 3, 0.02 of 141.4. Rings of 40^2 - 34^2 = 444 pixels, the inner edge 34 wide. Two columns
    // apart they share the horizontal bars, 2 x 3 x 38, and of the vertical bars one column each.
    double shared = 2 * 3 * 38 + 2 * 34;
    assertThat(counts.iou(1)).isEqualTo(shared / (2 * 444 - shared));
    assertThat(counts.iou(1)).isLessThan(38.0 / 42);
  }

  private static byte[] square(int left) {
    byte[] classes = new byte[100 * 100];
    for (int y = 30; y < 70; y++) {
      Arrays.fill(classes, y * 100 + left, y * 100 + left + 40, (byte) 1);
    }
    return classes;
  }

  @Test
  void aClassThatIsNowhereHasNone() {
    BoundaryCounts counts = new BoundaryCounts(2);
    counts.add(new ClassPicture(4, 4, new byte[16]), new byte[16]);
    assertThat(counts.iou(0)).isEqualTo(1);
    assertThat(counts.iou(1)).isNaN();
  }
}
