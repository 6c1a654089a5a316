package io.maskstream.gate;

import io.maskstream.onnx.OnnxTensor;
import io.maskstream.onnx.OnnxType;
import java.util.Optional;
import java.util.stream.LongStream;

/// What can be told of a value within a graph without running it.
///
/// @param width bytes of an element
/// @param shape or nothing, if only a run can tell
/// @param values of a small integer tensor, or nothing
/// @param factors of a small constant of floats, or nothing
record Known(
    int width, Optional<long[]> shape, Optional<long[]> values, Optional<float[]> factors) {

  /// Integers that are followed; shapes have few.
  static final int MAX_VALUES = 64;

  static final int MAX_RANK = 8;

  static final Known NOTHING = new Known(4, Optional.empty(), Optional.empty(), Optional.empty());

  static Known of(int width, long... shape) {
    boolean plausible =
        shape.length <= MAX_RANK && LongStream.of(shape).allMatch(side -> side >= 0);
    return new Known(
        width,
        plausible ? Optional.of(shape) : Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  static Known of(OnnxTensor constant) {
    boolean small = constant.size() <= MAX_VALUES && constant.shape().length <= 1;
    boolean integers = constant.type() == OnnxType.INT64 || constant.type() == OnnxType.INT32;
    return new Known(
        Math.max(1, constant.type().bytes()),
        Optional.of(constant.shape()),
        small && integers ? Optional.of(constant.longs()) : Optional.empty(),
        small && constant.type() == OnnxType.FLOAT
            ? Optional.of(constant.floats())
            : Optional.empty());
  }

  Known with(long... followed) {
    return followed.length > MAX_VALUES
        ? this
        : new Known(width, shape, Optional.of(followed), Optional.empty());
  }

  Known wide(int bytes) {
    return new Known(bytes, shape, values, Optional.empty());
  }

  /// Of the whole value; zero where the shape is not known.
  double bytes() {
    double product = shape.isEmpty() ? 0 : width;
    for (long side : shape.orElse(new long[0])) {
      product *= side;
    }
    return product;
  }

  /// A product or sum beyond 64 bits is as large as can be: larger than any limit.
  static long times(long a, long b) {
    long high = Math.multiplyHigh(a, b);
    long low = a * b;
    return high == 0 && low >= 0 || high == -1 && low < 0 ? low : Long.MAX_VALUE;
  }

  static long sum(long a, long b) {
    return a > 0 && b > Long.MAX_VALUE - a ? Long.MAX_VALUE : a + b;
  }
}
