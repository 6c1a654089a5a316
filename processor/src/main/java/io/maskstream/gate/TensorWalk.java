package io.maskstream.gate;

import io.maskstream.gate.Schema.Field;
import io.maskstream.onnx.OnnxType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// What one tensor says of itself against what is there of it.
final class TensorWalk {

  private static final int MAX_RANK = 8;

  private final FileWalk walk;
  private double elements = 1;
  private int rank;
  private long type;
  private long listed;
  private String name = "";
  private int raw = -1;
  private int rawLength;

  TensorWalk(FileWalk walk) {
    this.walk = walk;
  }

  void number(Field field, long number) {
    switch (field.number()) {
      case 1 -> {
        if (number < 0 || ++rank > MAX_RANK) {
          throw refused(
              number < 0 ? "has a side of " + number : "has more than " + MAX_RANK + " sides");
        }
        elements *= number;
      }
      case 2 -> type = number;
      case 14 -> {
        if (number != 0) {
          throw walk.external(name, "");
        }
      }
      default -> listed++;
    }
  }

  void counted(Field field, long count) {
    if (field.number() == 4 || field.number() == 10) {
      listed += count;
    }
  }

  void bytes(Field field, int from, int length) {
    switch (field.number()) {
      case 8 ->
          name =
              new String(walk.file(), from, Math.min(length, 100), StandardCharsets.UTF_8)
                  .replaceAll("\\p{Cntrl}", "?");
      case 9 -> {
        raw = from;
        rawLength = length;
      }
      case 6 -> throw refused("holds text");
      default -> {}
    }
  }

  String name() {
    return name;
  }

  /// @return bytes of its elements
  long leave() {
    int width = width();
    if (raw < 0 ? listed != elements : listed > 0 || (double) rawLength != elements * width) {
      throw refused(
          "says it has "
              + (long) elements
              + " elements of "
              + width
              + " bytes, but has "
              + (raw < 0 ? listed + " elements" : rawLength + " bytes"));
    }
    if (raw >= 0) {
      refuseNotANumber();
    }
    return (long) elements * width;
  }

  private int width() {
    for (OnnxType known : OnnxType.values()) {
      if (known.number() == type && known.bytes() > 0) {
        return known.bytes();
      }
    }
    // 16 is bfloat16, whose numbers nobody here looks into.
    if (type == 16) {
      return 2;
    }
    throw refused("is of type " + type + ", which no release needs");
  }

  /// A weight that is no number makes every score behind it none.
  private void refuseNotANumber() {
    ByteBuffer values =
        ByteBuffer.wrap(walk.file(), raw, rawLength).slice().order(ByteOrder.LITTLE_ENDIAN);
    boolean found = false;
    if (type == OnnxType.FLOAT.number()) {
      while (values.hasRemaining() && !found) {
        found = Float.isNaN(values.getFloat());
      }
    } else if (type == OnnxType.FLOAT16.number()) {
      while (values.hasRemaining() && !found) {
        found = Float.isNaN(Float.float16ToFloat(values.getShort()));
      }
    }
    if (found) {
      throw walk.refused(
          Reason.NOT_A_NUMBER,
          "holds NaN in the constant " + name,
          "train it again with a lower rate, or from the last good snapshot");
    }
  }

  private RefusedException refused(String what) {
    return walk.refused(
        Reason.TENSOR, "has a tensor \"" + name + "\" that " + what, "export it again");
  }
}
