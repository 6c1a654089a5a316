package io.maskstream.trainer.surgery;

/// The weights with which a transposed convolution interpolates, as in surgery.py of the FCN
/// reference nets.
final class Bilinear {

  private Bilinear() {}

  /// @return height x width weights
  static float[] kernel(int height, int width) {
    float[] rows = taps(height);
    float[] columns = taps(width);
    float[] weights = new float[height * width];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = rows[i / width] * columns[i % width];
    }
    return weights;
  }

  private static float[] taps(int size) {
    int factor = (size + 1) / 2;
    double centre = size % 2 == 1 ? factor - 1 : factor - 0.5;
    float[] taps = new float[size];
    for (int i = 0; i < size; i++) {
      taps[i] = (float) (1 - Math.abs(i - centre) / factor);
    }
    return taps;
  }
}
