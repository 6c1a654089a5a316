package io.maskstream.trainer.data;

import io.maskstream.painting.ClassPicture;
import io.maskstream.video.Size;
import java.util.Arrays;

/// Turns a picture about its middle, by OpenCV's `getRotationMatrix2D` and `warpAffine`, as
/// semseg's `RandRotate` does: pixel (width / 2, height / 2) stays, the size too.
///
/// @param cos of the angle, counter-clockwise
/// @param sin of the angle
record Rotation(int width, int height, double cos, double sin) {

  static Rotation of(Size size, double degrees) {
    double angle = Math.toRadians(degrees);
    return new Rotation(size.width(), size.height(), Math.cos(angle), Math.sin(angle));
  }

  /// The picture turned, bilinear, with one colour where nothing is known.
  ///
  /// @param rgb pixels
  /// @param padding 0xRRGGBB
  byte[] picture(byte[] rgb, int padding) {
    byte[] turned = new byte[rgb.length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double u = column(x, y);
        double v = row(x, y);
        int left = (int) Math.floor(u);
        int top = (int) Math.floor(v);
        double right = u - left;
        double below = v - top;
        for (int channel = 0; channel < 3; channel++) {
          int beside = padding >> (16 - 8 * channel) & 0xff;
          double upper =
              (1 - right) * level(rgb, left, top, channel, beside)
                  + right * level(rgb, left + 1, top, channel, beside);
          double lower =
              (1 - right) * level(rgb, left, top + 1, channel, beside)
                  + right * level(rgb, left + 1, top + 1, channel, beside);
          turned[(y * width + x) * 3 + channel] =
              (byte) Math.round((1 - below) * upper + below * lower);
        }
      }
    }
    return turned;
  }

  private int level(byte[] rgb, int x, int y, int channel, int beside) {
    return holds(x, y) ? rgb[(y * width + x) * 3 + channel] & 0xff : beside;
  }

  /// The labels turned, each that of the nearest pixel; ignore where nothing is known.
  ClassPicture labels(ClassPicture labels) {
    byte[] turned = new byte[width * height];
    int[] from = from();
    for (int i = 0; i < turned.length; i++) {
      turned[i] = from[i] < 0 ? (byte) LabelledPicture.IGNORE : labels.classes()[from[i]];
    }
    return new ClassPicture(width, height, turned);
  }

  /// Other planes turned, each value that of the nearest pixel; 0 where nothing is known.
  float[] planes(float[] values, int count) {
    float[] turned = new float[values.length];
    int[] from = count == 0 ? new int[0] : from();
    for (int i = 0; i < turned.length; i++) {
      int plane = i / from.length * from.length;
      turned[i] = from[i % from.length] < 0 ? 0 : values[plane + from[i % from.length]];
    }
    return turned;
  }

  /// The pixel nearest to each, or -1 beside the picture.
  private int[] from() {
    int[] from = new int[width * height];
    Arrays.setAll(
        from,
        i -> {
          int x = (int) Math.rint(column(i % width, i / width));
          int y = (int) Math.rint(row(i % width, i / width));
          return holds(x, y) ? y * width + x : -1;
        });
    return from;
  }

  private boolean holds(int x, int y) {
    return x >= 0 && x < width && y >= 0 && y < height;
  }

  private double column(int x, int y) {
    return width / 2.0 + cos * (x - width / 2.0) - sin * (y - height / 2.0);
  }

  private double row(int x, int y) {
    return height / 2.0 + sin * (x - width / 2.0) + cos * (y - height / 2.0);
  }
}
