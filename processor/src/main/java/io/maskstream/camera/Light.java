package io.maskstream.camera;

import java.util.SplittableRandom;

/// How a scene is lit and seen.
///
/// @param red factor of a thing's colour
/// @param green factor of a thing's colour
/// @param blue factor of a thing's colour
/// @param slope how much lighter the right edge is than the left one; negative is darker
/// @param texture factor of what brushes add
/// @param noise most of a pixel's lighter or darker, of 255
record Light(double red, double green, double blue, double slope, double texture, double noise) {

  private static final double PLAIN_NOISE = 5;

  /// White light from everywhere.
  static Light plain(double brightness) {
    return new Light(brightness, brightness, brightness, 0, 1, PLAIN_NOISE);
  }

  /// Dusk to glare, warm to cold, from one side; seen by a good camera or a poor one.
  static Light drawn(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double brightness = random.nextDouble(0.55, 1.2);
    double warmth = random.nextDouble(-0.12, 0.12);
    return new Light(
        brightness * (1 + warmth),
        brightness,
        brightness * (1 - warmth),
        random.nextDouble(-0.5, 0.5),
        random.nextDouble(1, 2.5),
        random.nextDouble(4, 20));
  }

  /// The same under a cloud, or without it.
  Light brighter(double factor) {
    return new Light(red * factor, green * factor, blue * factor, slope, texture, noise);
  }

  /// The factor at a column, 0 to 1.
  double across(double x) {
    return 1 + slope * (x - 0.5);
  }
}
