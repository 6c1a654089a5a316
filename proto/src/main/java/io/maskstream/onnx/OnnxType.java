package io.maskstream.onnx;

import java.util.Locale;

/// The type of a tensor's elements.
public enum OnnxType {
  UNDEFINED(0, 0),
  FLOAT(1, 4),
  UINT8(2, 1),
  INT8(3, 1),
  UINT16(4, 2),
  INT16(5, 2),
  INT32(6, 4),
  INT64(7, 8),
  STRING(8, 0),
  BOOL(9, 1),
  FLOAT16(10, 2),
  DOUBLE(11, 8),
  UINT32(12, 4),
  UINT64(13, 8),
  /// Any type that Maskstream never looks into.
  OTHER(-1, 0);

  private final int number;
  private final int bytes;

  OnnxType(int number, int bytes) {
    this.number = number;
    this.bytes = bytes;
  }

  /// The number under which ONNX files write the type ([TensorProto.DataType]).
  public int number() {
    return number;
  }

  /// Bytes of one element, 0 where that is not fixed.
  public int bytes() {
    return bytes;
  }

  /// Whether the elements are floating-point numbers.
  public boolean isFloat() {
    return this == FLOAT || this == FLOAT16 || this == DOUBLE;
  }

  static OnnxType of(int number) {
    for (OnnxType type : values()) {
      if (type.number == number && type != OTHER) {
        return type;
      }
    }
    return OTHER;
  }

  /// As ONNX's own tools write it: `float32`, `uint8`.
  @Override
  public String toString() {
    return switch (this) {
      case FLOAT -> "float32";
      case DOUBLE -> "float64";
      default -> name().toLowerCase(Locale.ROOT);
    };
  }
}
