package io.maskstream.trainer.export;

import java.util.Locale;

/// How a release in ONNX Runtime compares with the trained graph in libtorch.
///
/// @param pictures compared
/// @param pixels compared
/// @param differing pixels whose class differs although the scores do not tie
/// @param ties pixels whose class differs because two scores are as close as rounding makes them
public record Agreement(int pictures, long pixels, long differing, long ties) {

  static final Agreement NOTHING = new Agreement(0, 0, 0, 0);

  Agreement plus(Agreement other) {
    return new Agreement(
        pictures + other.pictures,
        pixels + other.pixels,
        differing + other.differing,
        ties + other.ties);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%d of %d pixels of %d pictures differ (%d more where two scores tie)",
        differing,
        pixels,
        pictures,
        ties);
  }
}
