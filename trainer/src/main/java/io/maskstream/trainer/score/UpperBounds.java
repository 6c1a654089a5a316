package io.maskstream.trainer.score;

import io.maskstream.painting.ClassPicture;
import io.maskstream.score.ConfusionMatrix;
import io.maskstream.score.Scores;
import io.maskstream.trainer.data.LabelledSet;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// The best that scores on a coarse grid can do: labels brought to the grid and back, and compared
/// with themselves (Long et al. 2015, appendix A; Shelhamer et al. 2016).
///
/// The papers do not say how they resample. Here a cell of the grid holds the share of each class
/// among its labelled pixels, which is brought back bilinearly, as nets bring back their scores; a
/// pixel is of the class with the largest share.
///
/// @param scores by downsampling factor
public record UpperBounds(Map<Integer, Scores> scores) {

  private static final int[] FACTORS = {128, 64, 32, 16, 8, 4};

  public UpperBounds {
    scores = Map.copyOf(scores);
  }

  /// Reads every picture once.
  public static UpperBounds of(LabelledSet set) {
    Map<Integer, ConfusionMatrix> matrices = new TreeMap<>();
    for (int i = 0; i < set.size(); i++) {
      ClassPicture labels = set.read(i).labels();
      for (int factor : FACTORS) {
        matrices
            .computeIfAbsent(factor, _ -> new ConfusionMatrix(set.classes().size()))
            .add(labels.classes(), coarse(labels, factor));
      }
    }
    Map<Integer, Scores> scores = new TreeMap<>();
    matrices.forEach((factor, matrix) -> scores.put(factor, Scores.of(matrix, set.uncounted())));
    return new UpperBounds(scores);
  }

  /// A line a factor.
  public String text() {
    StringBuilder text = new StringBuilder("FACTOR  MEAN IOU  PIXEL ACCURACY\n");
    for (int factor : FACTORS) {
      Scores bound = scores.get(factor);
      if (bound != null) {
        text.append(
            String.format(
                Locale.ROOT,
                "%6d  %8.4f  %14.4f\n",
                factor,
                bound.meanIou(),
                bound.pixelAccuracy()));
      }
    }
    return text.toString();
  }

  /// Labels seen through a grid with one cell for so many columns and rows.
  static byte[] coarse(ClassPicture labels, int factor) {
    int width = labels.width();
    int height = labels.height();
    int columns = Math.ceilDiv(width, factor);
    int rows = Math.ceilDiv(height, factor);
    long[] areas = labels.areas();
    int[] classes =
        IntStream.range(0, ConfusionMatrix.IGNORE).filter(id -> areas[id] > 0).toArray();
    float[] best = new float[width * height];
    byte[] coarse = new byte[width * height];
    float[] labelled = new float[columns * rows];
    for (int i = 0; i < coarse.length; i++) {
      coarse[i] = (byte) ConfusionMatrix.IGNORE;
      if ((labels.classes()[i] & 0xff) != ConfusionMatrix.IGNORE) {
        labelled[i / width / factor * columns + i % width / factor]++;
      }
    }
    for (int id : classes) {
      float[] shares = new float[columns * rows];
      for (int i = 0; i < coarse.length; i++) {
        if ((labels.classes()[i] & 0xff) == id) {
          int cell = i / width / factor * columns + i % width / factor;
          shares[cell] += 1 / labelled[cell];
        }
      }
      for (int i = 0; i < coarse.length; i++) {
        float share = between(shares, columns, rows, i % width, i / width, factor);
        if (share > best[i]) {
          best[i] = share;
          coarse[i] = (byte) id;
        }
      }
    }
    return coarse;
  }

  private static float between(float[] grid, int columns, int rows, int x, int y, int factor) {
    float column = Math.clamp((x + 0.5f) / factor - 0.5f, 0, columns - 1);
    float row = Math.clamp((y + 0.5f) / factor - 0.5f, 0, rows - 1);
    int left = (int) column;
    int top = (int) row;
    int right = Math.min(left + 1, columns - 1);
    int bottom = Math.min(top + 1, rows - 1);
    float across = column - left;
    float down = row - top;
    float upper = (1 - across) * grid[top * columns + left] + across * grid[top * columns + right];
    float lower =
        (1 - across) * grid[bottom * columns + left] + across * grid[bottom * columns + right];
    return (1 - down) * upper + down * lower;
  }
}
