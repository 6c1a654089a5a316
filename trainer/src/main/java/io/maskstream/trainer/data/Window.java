package io.maskstream.trainer.data;

import io.maskstream.painting.ClassPicture;
import io.maskstream.painting.RgbPicture;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/// A part of a picture that was resized, read straight from the picture: what is not in the window
/// is never computed.
///
/// @param scaledWidth columns of the resized picture
/// @param scaledHeight rows of the resized picture
/// @param left first column of the window
/// @param top first row of the window
/// @param width columns of the window, none beyond the resized picture
/// @param height rows of the window, none beyond the resized picture
/// @param mirrored whether the window is read from right to left
record Window(
    int scaledWidth, int scaledHeight, int left, int top, int width, int height, boolean mirrored) {

  /// Parts of a pixel that interpolation counts in, as a power of 2.
  private static final int BITS = 11;

  private static final int ONE = 1 << BITS;

  Window(int scaledWidth, int scaledHeight, int width, int height) {
    this(scaledWidth, scaledHeight, 0, 0, width, height, false);
  }

  Window drawn(RandomGenerator random) {
    return at(random.nextInt(scaledWidth - width + 1), random.nextInt(scaledHeight - height + 1));
  }

  /// A window that shows a pixel of the picture before it was resized.
  Window drawnAround(int x, int y, int pictureWidth, int pictureHeight, RandomGenerator random) {
    return at(
        drawnAround(scaled(x, pictureWidth, scaledWidth), width, scaledWidth, random),
        drawnAround(scaled(y, pictureHeight, scaledHeight), height, scaledHeight, random));
  }

  Window flipped() {
    return new Window(scaledWidth, scaledHeight, left, top, width, height, !mirrored);
  }

  Window at(int column, int row) {
    return new Window(scaledWidth, scaledHeight, column, row, width, height, mirrored);
  }

  /// The largest class's share of the pixels that are not ignored; 1 if there are none.
  double largestShare(ClassPicture labels) {
    int[] columns = nearest(labels.width(), scaledWidth, left, width);
    int[] rows = nearest(labels.height(), scaledHeight, top, height);
    int[] areas = new int[256];
    for (int row : rows) {
      for (int column : columns) {
        areas[labels.classes()[row * labels.width() + column] & 0xff]++;
      }
    }
    areas[LabelledPicture.IGNORE] = 0;
    int sum = Arrays.stream(areas).sum();
    return sum == 0 ? 1 : Arrays.stream(areas).max().orElse(0) / (double) sum;
  }

  /// The window's labels, each that of the nearest pixel.
  ClassPicture labels(ClassPicture labels) {
    int[] columns = columns(labels.width());
    int[] rows = nearest(labels.height(), scaledHeight, top, height);
    byte[] classes = new byte[width * height];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        classes[y * width + x] = labels.classes()[rows[y] * labels.width() + columns[x]];
      }
    }
    return new ClassPicture(width, height, classes);
  }

  /// The window's part of other planes, each value that of the nearest pixel: distances between two
  /// things are no thing's.
  float[] planes(Planes planes, int pictureWidth, int pictureHeight) {
    int[] columns = columns(pictureWidth);
    int[] rows = nearest(pictureHeight, scaledHeight, top, height);
    float[] values = new float[planes.count() * width * height];
    for (int i = 0; i < values.length; i++) {
      int plane = i / (width * height) * pictureWidth * pictureHeight;
      int row = rows[i / width % height] * pictureWidth;
      values[i] = planes.values()[plane + row + columns[i % width]];
    }
    return values;
  }

  private int[] columns(int pictureWidth) {
    int[] columns = nearest(pictureWidth, scaledWidth, left, width);
    if (mirrored) {
      for (int x = 0; x < width / 2; x++) {
        int swapped = columns[x];
        columns[x] = columns[width - 1 - x];
        columns[width - 1 - x] = swapped;
      }
    }
    return columns;
  }

  /// The window's pixels, R G B.
  byte[] picture(RgbPicture picture) {
    byte[] in = picture.rgb();
    byte[] rgb = new byte[width * height * 3];
    int[] columns = new int[width];
    int[] rights = new int[width];
    int[] columnParts = new int[width];
    neighbours(picture.width(), scaledWidth, left, columns, rights, columnParts);
    int[] rows = new int[height];
    int[] belows = new int[height];
    int[] rowParts = new int[height];
    neighbours(picture.height(), scaledHeight, top, rows, belows, rowParts);
    int stride = picture.width() * 3;
    for (int y = 0; y < height; y++) {
      int above = rows[y] * stride;
      int below = belows[y] * stride;
      for (int x = 0; x < width; x++) {
        int column = mirrored ? width - 1 - x : x;
        int at = (y * width + x) * 3;
        for (int channel = 0; channel < 3; channel++) {
          int near = columns[column] * 3 + channel;
          int far = rights[column] * 3 + channel;
          int upper = mix(in[above + near] & 0xff, in[above + far] & 0xff, columnParts[column]);
          int lower = mix(in[below + near] & 0xff, in[below + far] & 0xff, columnParts[column]);
          int sum = upper * (ONE - rowParts[y]) + lower * rowParts[y];
          rgb[at + channel] = (byte) ((sum + (1 << (2 * BITS - 1))) >> 2 * BITS);
        }
      }
    }
    return rgb;
  }

  private static int mix(int near, int far, int part) {
    return near * (ONE - part) + far * part;
  }

  private static int scaled(int at, int pixels, int scaledPixels) {
    return (int) ((2L * at + 1) * scaledPixels / (2L * pixels));
  }

  private static int drawnAround(int at, int length, int all, RandomGenerator random) {
    int first = Math.max(0, at - length + 1);
    int last = Math.min(at, all - length);
    return first + random.nextInt(last - first + 1);
  }

  /// The pixel whose area holds the centre of each pixel of the window.
  private static int[] nearest(int pixels, int scaledPixels, int first, int length) {
    int[] nearest = new int[length];
    Arrays.setAll(nearest, i -> (int) ((2L * (first + i) + 1) * pixels / (2L * scaledPixels)));
    return nearest;
  }

  /// The two pixels whose centres are left and right of each pixel's, and how far right it is.
  private static void neighbours(
      int pixels, int scaledPixels, int first, int[] near, int[] far, int[] parts) {
    for (int i = 0; i < near.length; i++) {
      double at = (first + i + 0.5) * pixels / scaledPixels - 0.5;
      int floor = (int) Math.floor(at);
      parts[i] = (int) Math.round((at - floor) * ONE);
      near[i] = Math.clamp(floor, 0, pixels - 1);
      far[i] = Math.clamp(floor + 1, 0, pixels - 1);
    }
  }
}
