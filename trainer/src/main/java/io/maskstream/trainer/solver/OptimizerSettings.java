package io.maskstream.trainer.solver;

/// Which rule turns gradients into steps.
public sealed interface OptimizerSettings {

  /// The learning rate at its peak.
  double lr();

  /// Stochastic gradient descent.
  ///
  /// @param momentum share of the last step that is kept
  /// @param nesterov whether the gradient is taken ahead of the momentum (Sutskever et al. 2013)
  /// @param weightDecay times the weight, added to its gradient
  record Sgd(double lr, double momentum, boolean nesterov, double weightDecay)
      implements OptimizerSettings {
    public Sgd {
      check(lr, weightDecay);
      if (!(momentum >= 0 && momentum < 1)) {
        throw new IllegalArgumentException("momentum must be 0 or more and below 1: " + momentum);
      }
      if (nesterov && momentum == 0) {
        throw new IllegalArgumentException("Nesterov wants momentum, which is 0");
      }
    }
  }

  /// Adam with decoupled weight decay (Loshchilov & Hutter 2019, algorithm 2).
  record AdamW(double lr, double beta1, double beta2, double epsilon, double weightDecay)
      implements OptimizerSettings {
    public AdamW {
      check(lr, weightDecay);
      if (!(beta1 >= 0 && beta1 < 1 && beta2 >= 0 && beta2 < 1 && epsilon > 0)) {
        throw new IllegalArgumentException(
            "AdamW wants betas below 1 and an epsilon above 0: beta1="
                + beta1
                + " beta2="
                + beta2
                + " epsilon="
                + epsilon);
      }
    }
  }

  private static void check(double lr, double weightDecay) {
    if (!(lr > 0) || Double.isInfinite(lr)) {
      throw new IllegalArgumentException("learning rate must be above 0: lr=" + lr);
    }
    if (!(weightDecay >= 0)) {
      throw new IllegalArgumentException("weight decay is negative: " + weightDecay);
    }
  }
}
