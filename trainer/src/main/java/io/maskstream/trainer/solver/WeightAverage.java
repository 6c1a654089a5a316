package io.maskstream.trainer.solver;

import io.maskstream.trainer.autograd.Parameter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/// The exponential moving average of weights, which scores better than the weights of any one step.
/// Owns its tensors; used by the thread that fits alone.
final class WeightAverage implements AutoCloseable {

  private final List<Parameter> parameters;
  private final double decay;
  private final Map<String, Tensor> averages = new LinkedHashMap<>();
  private long updates;

  WeightAverage(List<Parameter> parameters, double decay) {
    this.parameters = List.copyOf(parameters);
    this.decay = decay;
    try (NoGradGuard guard = new NoGradGuard()) {
      for (Parameter parameter : parameters) {
        Tensor copy = parameter.tensor().detach().clone();
        averages.put(parameter.name(), copy);
      }
    }
  }

  Map<String, Tensor> averages() {
    return averages;
  }

  long updates() {
    return updates;
  }

  void setUpdates(long updates) {
    this.updates = updates;
  }

  /// Moves the average towards the weights; faster at first, when it still knows the start best.
  void update() {
    updates++;
    double kept = Math.min(decay, (1.0 + updates) / (10.0 + updates));
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      for (Parameter parameter : parameters) {
        average(parameter).lerp_(parameter.tensor(), new Scalar(1 - kept));
      }
    }
  }

  /// Exchanges weights and average; a second call puts both back.
  void exchange() {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      for (Parameter parameter : parameters) {
        Tensor kept = average(parameter).clone();
        average(parameter).copy_(parameter.tensor());
        parameter.tensor().copy_(kept);
      }
    }
  }

  private Tensor average(Parameter parameter) {
    Tensor average = averages.get(parameter.name());
    if (average == null) {
      throw new IllegalStateException("no average of " + parameter.name());
    }
    return average;
  }

  @Override
  public void close() {
    averages.values().forEach(Tensor::close);
    averages.clear();
  }
}
