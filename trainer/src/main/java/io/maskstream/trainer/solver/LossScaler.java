package io.maskstream.trainer.solver;

/// Dynamic loss scaling (Micikevicius et al. 2018, section 3.2): float16 gradients below 6e-8 are
/// zero, so the loss is multiplied by as much as they bear. Not thread-safe.
final class LossScaler {

  private static final double START = 65536;
  private static final double MOST = 0x1p24;
  private static final int PATIENCE = 2000;

  private final boolean active;
  private double scale;
  private int good;

  private LossScaler(boolean active) {
    this.active = active;
    scale = active ? START : 1;
  }

  static LossScaler dynamic() {
    return new LossScaler(true);
  }

  /// Scales nothing.
  static LossScaler none() {
    return new LossScaler(false);
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
    if (!active) {
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
