package io.maskstream.trainer.score;

import io.maskstream.painting.ClassPicture;
import io.maskstream.score.ConfusionMatrix;

/// Boundary IoU of each class (Cheng, Girshick, Dollár, Berg & Kirillov 2021, "Boundary IoU"), over
/// all pictures together, as IoU itself is.
///
/// Of truth and of prediction only the pixels count that are at most d from a pixel of another
/// class, or from the picture's edge, where d is 0.02 of the picture's diagonal. As in the authors'
/// code, distance is the larger of columns and rows, and d is rounded to a whole number, at least
/// 1. Pixels whose truth is ignored belong to no class in truth and prediction alike.
///
/// Not thread-safe.
public final class BoundaryCounts {

  private static final double DILATION_RATIO = 0.02;
  private static final int MIXED = -1;

  private final long[] truths;
  private final long[] predictions;
  private final long[] both;

  public BoundaryCounts(int classes) {
    truths = new long[classes];
    predictions = new long[classes];
    both = new long[classes];
  }

  /// Adds a picture.
  ///
  /// @param prediction class ids of the same pixels
  public void add(ClassPicture truth, byte[] prediction) {
    int width = truth.width();
    int height = truth.height();
    int d = Math.max(1, (int) Math.rint(DILATION_RATIO * Math.hypot(width, height)));
    int[] is = new int[width * height];
    int[] said = new int[width * height];
    for (int i = 0; i < is.length; i++) {
      is[i] = truth.classes()[i] & 0xff;
      said[i] = is[i] == ConfusionMatrix.IGNORE ? is[i] : prediction[i] & 0xff;
    }
    int[] inside = insides(is, width, height, d);
    int[] saidInside = insides(said, width, height, d);
    for (int i = 0; i < is.length; i++) {
      boolean edge = is[i] != ConfusionMatrix.IGNORE && inside[i] == MIXED;
      boolean saidEdge = said[i] != ConfusionMatrix.IGNORE && saidInside[i] == MIXED;
      if (edge) {
        truths[is[i]]++;
      }
      if (saidEdge) {
        predictions[said[i]]++;
      }
      if (edge && saidEdge && is[i] == said[i]) {
        both[is[i]]++;
      }
    }
  }

  /// NaN if neither truth nor prediction has a boundary of the class.
  public double iou(int id) {
    return both[id] / (double) (truths[id] + predictions[id] - both[id]);
  }

  /// The class of a pixel if all pixels up to d away are of it, else mixed.
  private static int[] insides(int[] classes, int width, int height, int d) {
    int[] rows = new int[classes.length];
    int[] squares = new int[classes.length];
    for (int y = 0; y < height; y++) {
      along(classes, rows, y * width, 1, width, d);
    }
    for (int x = 0; x < width; x++) {
      along(rows, squares, x, width, height, d);
    }
    return squares;
  }

  /// Keeps what is d or farther from both ends of a run of one value.
  private static void along(int[] from, int[] to, int start, int stride, int length, int d) {
    int first = 0;
    for (int i = 1; i <= length; i++) {
      if (i == length || from[start + i * stride] != from[start + first * stride]) {
        for (int j = first; j < i; j++) {
          boolean inside = j - first >= d && i - 1 - j >= d;
          to[start + j * stride] = inside ? from[start + first * stride] : MIXED;
        }
        first = i;
      }
    }
  }
}
