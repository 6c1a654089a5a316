package io.maskstream.onnx;

/// One axis of a value's shape.
///
/// @param size its length, or -1 where it is only known when the graph runs
/// @param name its name where it has one, such as `N`; equal names mean equal lengths; else empty
public record OnnxDimension(long size, String name) {

  public static OnnxDimension fixed(long size) {
    if (size < 0) {
      throw new IllegalArgumentException("dimension is negative: " + size);
    }
    return new OnnxDimension(size, "");
  }

  public static OnnxDimension free(String name) {
    return new OnnxDimension(-1, name);
  }

  public boolean isFixed() {
    return size >= 0;
  }

  @Override
  public String toString() {
    return isFixed() ? Long.toString(size) : name.isEmpty() ? "?" : name;
  }
}
