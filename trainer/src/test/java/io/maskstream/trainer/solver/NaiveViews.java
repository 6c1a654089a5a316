package io.maskstream.trainer.solver;

import io.maskstream.inference.OrtGraphRunner;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.release.GraphRunner.Running;
import io.maskstream.release.GraphRunner.Tensor;
import java.util.List;

/// mmsegmentation's whole and slide inference and test-time augmentation, written with loops over
/// arrays: `slide_inference` and `postprocess_result` of its segmentors, `merge_preds` of its
/// SegTTAModel. The net runs in ONNX Runtime; nothing here knows libtorch or the solver.
///
/// Arrays are [plane][row][column].
final class NaiveViews implements AutoCloseable {

  private final Running net;
  private final String output;
  private final boolean alignCorners;

  /// Height and width of windows and steps; null sees pictures whole.
  int[] window;

  int[] step;

  NaiveViews(OnnxModel model, String output, boolean alignCorners) {
    net = new OrtGraphRunner().open(model.toBytes(), "naive");
    this.output = output;
    this.alignCorners = alignCorners;
  }

  /// @param sizes height and width to see the picture in
  /// @return mean probabilities
  double[][][] probabilities(double[][][] picture, List<int[]> sizes, boolean mirror) {
    int height = picture[0].length;
    int width = picture[0][0].length;
    double[][][] sum = null;
    int views = 0;
    for (int[] size : sizes) {
      double[][][] scaled = resize(picture, size[0], size[1], false);
      for (int flip = 0; flip < (mirror ? 2 : 1); flip++) {
        double[][][] logits = slide(flip == 1 ? mirrored(scaled) : scaled);
        double[][][] back = resize(logits, height, width, alignCorners);
        double[][][] one = softmax(flip == 1 ? mirrored(back) : back);
        sum = sum == null ? one : sum(sum, one);
        views++;
      }
    }
    for (double[][] plane : sum) {
      for (double[] row : plane) {
        for (int x = 0; x < row.length; x++) {
          row[x] /= views;
        }
      }
    }
    return sum;
  }

  private double[][][] slide(double[][][] picture) {
    if (window == null) {
      return run(picture, 0, 0, picture[0].length, picture[0][0].length);
    }
    int height = picture[0].length;
    int width = picture[0][0].length;
    int rows = Math.max(height - window[0] + step[0] - 1, 0) / step[0] + 1;
    int columns = Math.max(width - window[1] + step[1] - 1, 0) / step[1] + 1;
    double[][][] sum = null;
    int[][] count = new int[height][width];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        int bottom = Math.min(row * step[0] + window[0], height);
        int right = Math.min(column * step[1] + window[1], width);
        int top = Math.max(bottom - window[0], 0);
        int left = Math.max(right - window[1], 0);
        double[][][] logits = run(picture, top, left, bottom, right);
        sum = sum == null ? new double[logits.length][height][width] : sum;
        for (int y = top; y < bottom; y++) {
          for (int x = left; x < right; x++) {
            count[y][x]++;
            for (int c = 0; c < sum.length; c++) {
              sum[c][y][x] += logits[c][y - top][x - left];
            }
          }
        }
      }
    }
    for (double[][] plane : sum) {
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          plane[y][x] /= count[y][x];
        }
      }
    }
    return sum;
  }

  private double[][][] run(double[][][] picture, int top, int left, int bottom, int right) {
    int height = bottom - top;
    int width = right - left;
    float[] values = new float[picture.length * height * width];
    int i = 0;
    for (double[][] plane : picture) {
      for (int y = top; y < bottom; y++) {
        for (int x = left; x < right; x++) {
          values[i++] = (float) plane[y][x];
        }
      }
    }
    Tensor.Floats given =
        (Tensor.Floats)
            net.run(
                    "image",
                    new Tensor.Floats(new long[] {1, picture.length, height, width}, values))
                .get(output);
    double[][][] planes = new double[(int) given.shape()[1]][height][width];
    for (int j = 0; j < given.values().length; j++) {
      planes[j / (height * width)][j / width % height][j % width] = given.values()[j];
    }
    return planes;
  }

  static double[][][] resize(double[][][] planes, int height, int width, boolean alignCorners) {
    double[][][] resized = new double[planes.length][height][width];
    int h = planes[0].length;
    int w = planes[0][0].length;
    for (int c = 0; c < planes.length; c++) {
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          double sy = place(y, h, height, alignCorners);
          double sx = place(x, w, width, alignCorners);
          int top = (int) sy;
          int left = (int) sx;
          int bottom = Math.min(top + 1, h - 1);
          int right = Math.min(left + 1, w - 1);
          double fy = sy - top;
          double fx = sx - left;
          resized[c][y][x] =
              (1 - fy) * ((1 - fx) * planes[c][top][left] + fx * planes[c][top][right])
                  + fy * ((1 - fx) * planes[c][bottom][left] + fx * planes[c][bottom][right]);
        }
      }
    }
    return resized;
  }

  private static double place(int to, int from, int length, boolean alignCorners) {
    if (alignCorners) {
      return length == 1 ? 0 : to * (from - 1.0) / (length - 1.0);
    }
    return Math.min(from - 1.0, Math.max(0, (to + 0.5) * from / length - 0.5));
  }

  private static double[][][] mirrored(double[][][] planes) {
    int width = planes[0][0].length;
    double[][][] mirrored = new double[planes.length][planes[0].length][width];
    for (int c = 0; c < planes.length; c++) {
      for (int y = 0; y < planes[0].length; y++) {
        for (int x = 0; x < width; x++) {
          mirrored[c][y][x] = planes[c][y][width - 1 - x];
        }
      }
    }
    return mirrored;
  }

  private static double[][][] softmax(double[][][] logits) {
    double[][][] probabilities = new double[logits.length][logits[0].length][logits[0][0].length];
    for (int y = 0; y < logits[0].length; y++) {
      for (int x = 0; x < logits[0][0].length; x++) {
        double sum = 0;
        for (double[][] plane : logits) {
          sum += Math.exp(plane[y][x]);
        }
        for (int c = 0; c < logits.length; c++) {
          probabilities[c][y][x] = Math.exp(logits[c][y][x]) / sum;
        }
      }
    }
    return probabilities;
  }

  private static double[][][] sum(double[][][] one, double[][][] other) {
    double[][][] sum = new double[one.length][one[0].length][one[0][0].length];
    for (int c = 0; c < one.length; c++) {
      for (int y = 0; y < one[0].length; y++) {
        for (int x = 0; x < one[0][0].length; x++) {
          sum[c][y][x] = one[c][y][x] + other[c][y][x];
        }
      }
    }
    return sum;
  }

  @Override
  public void close() {
    net.close();
  }
}
