package io.maskstream.trainer.solver;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/// All gradients of a step, taken as one vector.
final class Gradients {

  private Gradients() {}

  /// The Euclidean length; not a number or infinite where any element is.
  static double norm(List<Tensor> gradients) {
    double squares = 0;
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      for (Tensor gradient : gradients) {
        double norm = gradient.norm().item_double();
        squares += norm * norm;
      }
    }
    return Math.sqrt(squares);
  }

  static void scale(List<Tensor> gradients, double factor) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      gradients.forEach(gradient -> gradient.mul_(new Scalar(factor)));
    }
  }
}
