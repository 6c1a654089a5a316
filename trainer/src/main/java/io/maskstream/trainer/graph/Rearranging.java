package io.maskstream.trainer.graph;

import io.maskstream.onnx.OnnxTensor;
import io.maskstream.onnx.OnnxType;

/// The same numbers in another order.
public final class Rearranging {

  private Rearranging() {}

  /// Axis i of the result is axis order[i] of the tensor.
  public static OnnxTensor transposed(OnnxTensor tensor, long... order) {
    long[] from = tensor.shape();
    int rank = from.length;
    long[] to = new long[rank];
    long[] strides = new long[rank];
    long stride = 1;
    long[] own = new long[rank];
    for (int i = rank - 1; i >= 0; i--) {
      own[i] = stride;
      stride *= from[i];
    }
    for (int i = 0; i < rank; i++) {
      to[i] = from[(int) order[i]];
      strides[i] = own[(int) order[i]];
    }
    int size = Math.toIntExact(tensor.size());
    int[] places = new int[size];
    long[] at = new long[rank];
    for (int i = 0; i < size; i++) {
      long place = 0;
      for (int axis = 0; axis < rank; axis++) {
        place += at[axis] * strides[axis];
      }
      places[i] = (int) place;
      for (int axis = rank - 1; axis >= 0 && ++at[axis] == to[axis]; axis--) {
        at[axis] = 0;
      }
    }
    if (tensor.type() == OnnxType.INT64) {
      long[] values = tensor.longs();
      long[] moved = new long[size];
      for (int i = 0; i < size; i++) {
        moved[i] = values[places[i]];
      }
      return OnnxTensor.ofLongs(tensor.name(), to, moved);
    }
    float[] values = tensor.floats();
    float[] moved = new float[size];
    for (int i = 0; i < size; i++) {
      moved[i] = values[places[i]];
    }
    return OnnxTensor.ofFloats(tensor.name(), to, moved);
  }
}
