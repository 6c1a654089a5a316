package io.maskstream.trainer.solver;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// Turns gradients into steps. Written out here rather than taken from libtorch, so that its state
/// has names and a run can go on from a file bit for bit.
///
/// Owns its state, never the parameters. Used by the thread that fits alone.
abstract sealed class Optimizer implements AutoCloseable {

  private final List<Learner> learners;
  private final Map<String, Tensor> state = new LinkedHashMap<>();
  private long updates;

  private Optimizer(List<Learner> learners) {
    this.learners = List.copyOf(learners);
  }

  static Optimizer of(OptimizerSettings settings, List<Learner> learners) {
    return switch (settings) {
      case OptimizerSettings.Sgd sgd -> new Sgd(sgd, learners);
      case OptimizerSettings.AdamW adamW -> new AdamW(adamW, learners);
    };
  }

  List<Learner> learners() {
    return learners;
  }

  /// The state by name; values owned here.
  Map<String, Tensor> state() {
    return state;
  }

  /// How often the parameters were changed.
  long updates() {
    return updates;
  }

  void setUpdates(long updates) {
    this.updates = updates;
  }

  /// The gradients that there are.
  List<Tensor> gradients() {
    List<Tensor> gradients = new ArrayList<>();
    for (Learner learner : learners) {
      Tensor gradient = learner.tensor().grad();
      if (gradient.defined()) {
        gradients.add(gradient);
      }
    }
    return gradients;
  }

  /// Changes every parameter that has a gradient, and uses the gradients up.
  ///
  /// @param lr before the factor of each learner
  void step(double lr) {
    updates++;
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      for (Learner learner : learners) {
        Tensor gradient = learner.tensor().grad();
        if (gradient.defined()) {
          update(learner, gradient, lr * learner.rate());
        }
      }
    }
  }

  /// Forgets the gradients and frees them.
  void forgetGradients() {
    try (PointerScope scope = new PointerScope()) {
      learners.forEach(learner -> learner.tensor().mutable_grad().reset());
    }
  }

  abstract void update(Learner learner, Tensor gradient, double lr);

  /// Zeros beside every learner, made outside any scope so that they stay.
  final void allot(String kind) {
    for (Learner learner : learners) {
      state.put(kind + "/" + learner.name(), torch.zeros_like(learner.tensor()));
    }
  }

  final Tensor of(String kind, Learner learner) {
    Tensor tensor = state.get(kind + "/" + learner.name());
    if (tensor == null) {
      throw new IllegalStateException("optimizer knows no " + kind + " of " + learner.name());
    }
    return tensor;
  }

  static Scalar scalar(double value) {
    return new Scalar(value);
  }

  @Override
  public void close() {
    state.values().forEach(Tensor::close);
    state.clear();
  }

  private static final class Sgd extends Optimizer {

    private final OptimizerSettings.Sgd settings;

    Sgd(OptimizerSettings.Sgd settings, List<Learner> learners) {
      super(learners);
      this.settings = settings;
      if (settings.momentum() > 0) {
        allot("momentum");
      }
    }

    @Override
    void update(Learner learner, Tensor gradient, double lr) {
      Tensor weight = learner.tensor();
      Tensor direction = gradient;
      if (learner.decays() && settings.weightDecay() > 0) {
        gradient.add_(weight, scalar(settings.weightDecay()));
      }
      if (settings.momentum() > 0) {
        Tensor velocity = of("momentum", learner);
        velocity.mul_(scalar(settings.momentum()));
        velocity.add_(direction);
        direction =
            settings.nesterov() ? direction.add(velocity, scalar(settings.momentum())) : velocity;
      }
      weight.add_(direction, scalar(-lr));
    }
  }

  private static final class AdamW extends Optimizer {

    private final OptimizerSettings.AdamW settings;

    AdamW(OptimizerSettings.AdamW settings, List<Learner> learners) {
      super(learners);
      this.settings = settings;
      allot("mean");
      allot("square");
    }

    @Override
    void update(Learner learner, Tensor gradient, double lr) {
      Tensor weight = learner.tensor();
      Tensor mean = of("mean", learner);
      Tensor square = of("square", learner);
      if (learner.decays() && settings.weightDecay() > 0) {
        weight.mul_(scalar(1 - lr * settings.weightDecay()));
      }
      mean.lerp_(gradient, scalar(1 - settings.beta1()));
      square.mul_(scalar(settings.beta2()));
      square.addcmul_(gradient, gradient, scalar(1 - settings.beta2()));
      double seen1 = 1 - Math.pow(settings.beta1(), updates());
      double seen2 = 1 - Math.pow(settings.beta2(), updates());
      Tensor scale = square.sqrt();
      scale.mul_(scalar(1 / Math.sqrt(seen2)));
      scale.add_(scalar(settings.epsilon()));
      weight.addcdiv_(mean, scale, scalar(-lr / seen1));
    }
  }
}
