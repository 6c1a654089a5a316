package io.maskstream.trainer.data;

import java.util.random.RandomGenerator;

/// A distortion of colours: brightness, contrast, saturation and hue, each drawn or left alone with
/// equal probability (Liu et al. 2016, SSD, as in MMSegmentation's `PhotoMetricDistortion`).
///
/// @param brightness added, of 255
/// @param contrast factor
/// @param contrastFirst whether contrast comes before saturation and hue, or after
/// @param saturation factor, of HSV
/// @param hue added, in sixths of the colour circle
record Photometric(
    float brightness, float contrast, boolean contrastFirst, float saturation, float hue) {

  private static final double BRIGHTNESS = 32;
  private static final double LEAST = 0.5;
  private static final double MOST = 1.5;

  /// 18 of the 180 that OpenCV divides the circle into.
  private static final double HUE = 18 / 30.0;

  /// Six numbers and coins, each drawn whether used or not, so that what follows does not shift.
  static Photometric drawn(RandomGenerator random) {
    return new Photometric(
        drawn(random, -BRIGHTNESS, BRIGHTNESS, 0),
        drawn(random, LEAST, MOST, 1),
        random.nextBoolean(),
        drawn(random, LEAST, MOST, 1),
        drawn(random, -HUE, HUE, 0));
  }

  private static float drawn(RandomGenerator random, double least, double most, double otherwise) {
    boolean used = random.nextBoolean();
    double value = random.nextDouble(least, most);
    return (float) (used ? value : otherwise);
  }

  /// Changes pixels, R G B.
  void apply(byte[] rgb) {
    float before = contrastFirst ? contrast : 1;
    float after = contrastFirst ? 1 : contrast;
    boolean colours = saturation != 1 || hue != 0;
    float[] levels = new float[256];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = limited(limited(i + brightness) * before);
    }
    for (int at = 0; at < rgb.length; at += 3) {
      float red = levels[rgb[at] & 0xff];
      float green = levels[rgb[at + 1] & 0xff];
      float blue = levels[rgb[at + 2] & 0xff];
      float most = Math.max(red, Math.max(green, blue));
      float range = most - Math.min(red, Math.min(green, blue));
      if (colours && range > 0) {
        float sixth = hue(red, green, blue, most, range) + hue;
        sixth += sixth < 0 ? 6 : 0;
        float wider = Math.min(range * saturation, most);
        red = channel(sixth + 5, most, wider);
        green = channel(sixth + 3, most, wider);
        blue = channel(sixth + 1, most, wider);
      }
      rgb[at] = level(red * after);
      rgb[at + 1] = level(green * after);
      rgb[at + 2] = level(blue * after);
    }
  }

  /// Sixths of the colour circle from red, -1 to 5.
  private static float hue(float red, float green, float blue, float most, float range) {
    if (most == red) {
      return (green - blue) / range;
    }
    return most == green ? 2 + (blue - red) / range : 4 + (red - green) / range;
  }

  /// A channel of HSV turned back, by Smith's hexcone: value less a trapezoid of the hue.
  ///
  /// @param sixth of the colour circle, 0 to 12
  private static float channel(float sixth, float value, float range) {
    float k = sixth < 6 ? sixth : sixth - 6; // the remainder operator is slow on floats
    return value - range * Math.clamp(Math.min(k, 4 - k), 0f, 1f);
  }

  private static float limited(float level) {
    return Math.clamp(level, 0f, 255f);
  }

  private static byte level(float level) {
    return (byte) (int) (limited(level) + 0.5f);
  }
}
