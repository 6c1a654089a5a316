package io.maskstream.trainer.data;

import java.util.Arrays;

/// A part of a picture that somebody outlined or brushed.
sealed interface Area {

  /// Gives its pixels a class.
  ///
  /// @param classes row-major
  /// @param width of the picture, pixels
  void paint(byte[] classes, int width, int height, byte id);

  /// The pixels whose centres an outline encloses, by the even-odd rule. The pixel x, y reaches
  /// from x, y to x + 1, y + 1.
  ///
  /// @param xs of the corners, as ys
  @SuppressWarnings("ArrayRecordComponent") // compared never
  record Polygon(double[] xs, double[] ys) implements Area {

    public Polygon {
      if (xs.length != ys.length || xs.length < 3) {
        throw new IllegalArgumentException("polygon has fewer than 3 corners: " + xs.length);
      }
    }

    @Override
    public void paint(byte[] classes, int width, int height, byte id) {
      double[] crossings = new double[xs.length];
      for (int y = 0; y < height; y++) {
        int count = crossings(y + 0.5, crossings);
        Arrays.sort(crossings, 0, count);
        for (int i = 0; i + 1 < count; i += 2) {
          int from = (int) Math.max(0, Math.ceil(crossings[i] - 0.5));
          int to = (int) Math.min(width, Math.ceil(crossings[i + 1] - 0.5));
          if (from < to) {
            Arrays.fill(classes, y * width + from, y * width + to, id);
          }
        }
      }
    }

    /// Where the edges cross a row's middle; each edge has its upper end and lacks its lower.
    private int crossings(double middle, double[] crossings) {
      int count = 0;
      for (int i = 0, j = xs.length - 1; i < xs.length; j = i++) {
        if (ys[i] <= middle != ys[j] <= middle) {
          crossings[count++] = xs[i] + (middle - ys[i]) / (ys[j] - ys[i]) * (xs[j] - xs[i]);
        }
      }
      return count;
    }
  }

  /// The brushed pixels of a rectangle, row by row: how many are not, how many are, and so on.
  ///
  /// @param left of the rectangle, pixels, as the others
  @SuppressWarnings("ArrayRecordComponent") // compared never
  record Runs(int left, int top, int width, int height, int[] lengths) implements Area {

    public Runs {
      long pixels = Arrays.stream(lengths).asLongStream().sum();
      if (pixels != (long) width * height || Arrays.stream(lengths).anyMatch(run -> run < 0)) {
        throw new IllegalArgumentException(
            "runs do not fill the mask: pixels=%d mask=%dx%d".formatted(pixels, width, height));
      }
    }

    @Override
    public void paint(byte[] classes, int pictureWidth, int pictureHeight, byte id) {
      int at = 0;
      for (int i = 0; i < lengths.length; i++) {
        for (int end = at + lengths[i]; at < end; at++) {
          int x = left + at % width;
          int y = top + at / width;
          if (i % 2 == 1 && x >= 0 && y >= 0 && x < pictureWidth && y < pictureHeight) {
            classes[y * pictureWidth + x] = id;
          }
        }
      }
    }
  }
}
