package io.maskstream.trainer.autograd;

import io.maskstream.onnx.OnnxTensor;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// Between tensors and Java arrays; always by copy, for memory of a tensor must not be seen after
/// it is freed.
final class HostArrays {

  private HostArrays() {}

  static long[] longs(Tensor tensor) {
    long[] values = new long[Math.toIntExact(tensor.numel())];
    try (PointerScope scope = new PointerScope()) {
      if (values.length > 0) {
        read(tensor, ScalarType.Long).data_ptr_long().get(values);
      }
    }
    return values;
  }

  static double[] numbers(Tensor tensor) {
    double[] values = new double[Math.toIntExact(tensor.numel())];
    try (PointerScope scope = new PointerScope()) {
      if (values.length > 0) {
        read(tensor, ScalarType.Double).data_ptr_double().get(values);
      }
    }
    return values;
  }

  static float[] floats(Tensor tensor) {
    float[] values = new float[Math.toIntExact(tensor.numel())];
    try (PointerScope scope = new PointerScope()) {
      if (values.length > 0) {
        read(tensor, ScalarType.Float).data_ptr_float().get(values);
      }
    }
    return values;
  }

  private static Tensor read(Tensor tensor, ScalarType type) {
    return tensor.detach().cpu().to(type).contiguous();
  }

  /// Whole numbers; the infinities of Java's casts are ONNX's "to the end".
  static long[] longs(double[] numbers) {
    long[] values = new long[numbers.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (long) numbers[i];
    }
    return values;
  }

  static double[] numbers(long[] longs) {
    double[] values = new double[longs.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = longs[i];
    }
    return values;
  }

  static double[] numbers(float[] floats) {
    double[] values = new double[floats.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = floats[i];
    }
    return values;
  }

  /// A CPU tensor of int64.
  static Tensor of(long[] values, long... shape) {
    return values.length == 0
        ? torch.zeros(shape).to(ScalarType.Long)
        : Tensor.create(values, shape);
  }

  /// A CPU tensor of float32, copied from a buffer without another array between.
  static Tensor of(FloatBuffer values, long... shape) {
    Tensor tensor = torch.empty(shape);
    if (values.hasRemaining()) {
      memory(tensor).put(values);
    }
    return tensor;
  }

  /// The elements of a float32 tensor, copied into a constant of a graph.
  static OnnxTensor constant(String name, Tensor tensor) {
    try (PointerScope scope = new PointerScope()) {
      Tensor read = read(tensor, ScalarType.Float);
      return read.numel() == 0
          ? OnnxTensor.ofFloats(name, tensor.shape())
          : OnnxTensor.ofFloats(name, tensor.shape(), memory(read));
    }
  }

  /// The memory of a contiguous CPU tensor; to be used up before the tensor is freed.
  private static FloatBuffer memory(Tensor tensor) {
    return tensor.data_ptr_float().capacity(tensor.numel()).asBuffer();
  }

  /// A CPU tensor of float32.
  static Tensor of(float[] values, long... shape) {
    return values.length == 0 ? torch.zeros(shape) : Tensor.create(values, shape);
  }

  /// A CPU tensor of float64.
  static Tensor of(double[] values, long... shape) {
    return values.length == 0
        ? torch.zeros(shape).to(ScalarType.Double)
        : Tensor.create(values, shape);
  }
}
