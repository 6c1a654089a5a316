package io.maskstream.camera;

import io.maskstream.camera.Scene.Picture;
import io.maskstream.camera.Scene.SceneClass;

/// Pixels and their classes, drawn in fractions of the picture's width and height. Used by one
/// thread for one picture.
final class Canvas {

  /// How much lighter than its class's colour a thing is at a place, -255 to 255.
  @FunctionalInterface
  interface Brush {
    double at(double x, double y);
  }

  private final int width;
  private final int height;
  private final Light light;
  private final long noiseSeed;
  private final byte[] rgb;
  private final byte[] classes;

  Canvas(int width, int height, Light light, long noiseSeed) {
    this.width = width;
    this.height = height;
    this.light = light;
    this.noiseSeed = noiseSeed;
    this.rgb = new byte[width * height * 3];
    this.classes = new byte[width * height];
  }

  void rectangle(
      SceneClass what, double left, double top, double right, double bottom, Brush brush) {
    int lastX = column(right);
    int lastY = row(bottom);
    for (int y = row(top); y < lastY; y++) {
      for (int x = column(left); x < lastX; x++) {
        put(what, x, y, brush);
      }
    }
  }

  void ellipse(SceneClass what, double x, double y, double halfX, double halfY, Brush brush) {
    int lastX = column(x + halfX);
    int lastY = row(y + halfY);
    for (int j = row(y - halfY); j < lastY; j++) {
      double v = ((j + 0.5) / height - y) / halfY;
      for (int i = column(x - halfX); i < lastX; i++) {
        double u = ((i + 0.5) / width - x) / halfX;
        if (u * u + v * v <= 1) {
          put(what, i, j, brush);
        }
      }
    }
  }

  Picture picture() {
    return new Picture(width, height, rgb, classes);
  }

  /// A number from 0 to 1 that looks random (Steele, Lea & Flood 2014, the mix of SplitMix64).
  static double fraction(long seed) {
    long z = (seed + 0x9e3779b97f4a7c15L) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return ((z ^ (z >>> 31)) >>> 11) * 0x1.0p-53;
  }

  private void put(SceneClass what, int x, int y, Brush brush) {
    int pixel = y * width + x;
    double noise = light.noise() * (2 * fraction(noiseSeed + pixel) - 1);
    double across = (x + 0.5) / width;
    double lighter = brush.at(across, (y + 0.5) / height) * light.texture() + noise;
    double here = light.across(across);
    classes[pixel] = (byte) what.id();
    rgb[3 * pixel] = level(what.red() * light.red() * here + lighter);
    rgb[3 * pixel + 1] = level(what.green() * light.green() * here + lighter);
    rgb[3 * pixel + 2] = level(what.blue() * light.blue() * here + lighter);
  }

  private static byte level(double level) {
    return (byte) Math.clamp(Math.round(level), 0, 255);
  }

  private int column(double x) {
    return (int) Math.clamp(Math.round(x * width), 0, width);
  }

  private int row(double y) {
    return (int) Math.clamp(Math.round(y * height), 0, height);
  }
}
