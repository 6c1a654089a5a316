package io.maskstream.trainer.solver;

/// Loss scaling (Micikevicius et al. 2018, section 3.2): float16 gradients below 6e-8 are zero, so
/// the loss is multiplied by as much as they bear, or by a number given. Not thread-safe.
final class LossScaler {

  private static final double START = 65536;
  private static final double MOST = 0x1p24;
  private static final int PATIENCE = 2000;

  private final boolean moves;
  private double scale;
  private int good;

  private LossScaler(boolean moves, double scale) {
    this.moves = moves;
    this.scale = scale;
  }

  /// Finds the scale by itself.
  static LossScaler dynamic() {
    return new LossScaler(true, START);
  }

  /// One scale; steps whose gradients it makes infinite are left out.
  static LossScaler fixed(double scale) {
    return new LossScaler(false, scale);
  }

  /// Scales nothing.
  static LossScaler none() {
    return new LossScaler(false, 1);
  }

  /// What the loss is multiplied by, and the gradients are divided by.
  double scale() {
    return scale;
  }

  int good() {
    return good;
  }

  void restore(double scale, int good) {
    this.scale = scale;
    this.good = good;
  }

  /// Tells how the gradients came out.
  ///
  /// @return whether the step may be taken
  /// @throws SolverException when no scale helps
  boolean accepts(boolean finite) {
    if (!moves) {
      return finite;
    }
    if (!finite) {
      scale /= 2;
      good = 0;
      if (scale < 1) {
        throw new SolverException(
            "gradients are infinite at a loss scale of 1; use --precision bf16 or fp32, or a lower "
                + "--lr");
      }
      return false;
    }
    if (++good == PATIENCE) {
      scale = Math.min(MOST, 2 * scale);
      good = 0;
    }
    return true;
  }
}
