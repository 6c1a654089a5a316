package io.maskstream.trainer.autograd;

import java.util.List;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;

/// One run of one node: its operands and the circumstances.
///
/// Shape arithmetic stays on the host: the Shape operator makes CPU tensors, integer constants are
/// CPU tensors, and what is computed from CPU tensors is one. Where such a tensor meets one of the
/// device, it is copied there.
final class Call {

  private final List<@Nullable Value> operands;
  private final Circumstances circumstances;
  private final boolean onDevice;

  /// @param real the type of floating-point constants: float32, but float64 where gradients are
  ///   checked
  /// @param joint what batch norms go by while training, where it is not each batch alone
  record Circumstances(
      Mode mode, ScalarType real, Device device, @Nullable JointStatistics joint) {}

  Call(List<@Nullable Value> operands, Circumstances circumstances) {
    this.operands = operands;
    this.circumstances = circumstances;
    onDevice = operands.stream().anyMatch(value -> value != null && !value.tensor().is_cpu());
  }

  int count() {
    return operands.size();
  }

  boolean has(int i) {
    return i < operands.size() && operands.get(i) != null;
  }

  Value value(int i) {
    Value value = i < operands.size() ? operands.get(i) : null;
    if (value == null) {
      throw new IllegalArgumentException("input " + i + " is missing");
    }
    return value;
  }

  Tensor tensor(int i) {
    Tensor tensor = value(i).tensor();
    return onDevice && tensor.is_cpu()
        ? tensor.to(circumstances.device(), tensor.scalar_type())
        : tensor;
  }

  TensorOptional optional(int i) {
    return has(i) ? new TensorOptional(tensor(i)) : new TensorOptional();
  }

  /// The elements of an operand of integers, such as axes or a shape.
  long[] longs(int i) {
    return value(i).longs();
  }

  double[] numbers(int i) {
    return value(i).numbers();
  }

  /// The only element of an operand.
  Scalar scalar(int i) {
    return new Scalar(numbers(i)[0]);
  }

  boolean drops() {
    return circumstances.mode() != Mode.EVALUATION;
  }

  boolean movesStatistics() {
    return circumstances.mode() == Mode.TRAINING;
  }

  /// What a batch norm goes by, if not by its batch alone.
  JointStatistics.@Nullable Moments joint(String output) {
    return circumstances.joint() == null ? null : circumstances.joint().get(output);
  }

  ScalarType real() {
    return circumstances.real();
  }

  Device device() {
    return circumstances.device();
  }
}
