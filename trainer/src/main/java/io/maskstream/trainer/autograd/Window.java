package io.maskstream.trainer.autograd;

import io.maskstream.onnx.OnnxNode;
import java.util.Arrays;

/// How a kernel moves over a picture: the attributes that convolutions and pools share.
///
/// @param strides empty for 1 along every axis, as are dilations; pads empty for none
/// @param pads cells added before each spatial axis, then after each
record Window(long[] strides, long[] dilations, long[] pads, AutoPad autoPad) {

  enum AutoPad {
    NOTSET,
    SAME_UPPER,
    SAME_LOWER,
    VALID
  }

  static Window of(OnnxNode node) {
    String autoPad = node.text("auto_pad", "NOTSET");
    return new Window(
        node.integers("strides").orElse(new long[0]),
        node.integers("dilations").orElse(new long[0]),
        node.integers("pads").orElse(new long[0]),
        AutoPad.valueOf(autoPad.isEmpty() ? "NOTSET" : autoPad));
  }

  long[] strides(int rank) {
    return strides.length == 0 ? filled(rank, 1) : strides;
  }

  long[] dilations(int rank) {
    return dilations.length == 0 ? filled(rank, 1) : dilations;
  }

  /// Cells before and after each axis of a picture of this size.
  Pads pads(long[] size, long[] kernel) {
    int rank = size.length;
    return switch (autoPad) {
      case NOTSET -> pads.length == 0 ? Pads.none(rank) : Pads.of(pads);
      case VALID -> Pads.none(rank);
      case SAME_UPPER, SAME_LOWER -> {
        long[] begin = new long[rank];
        long[] end = new long[rank];
        for (int i = 0; i < rank; i++) {
          long stride = strides(rank)[i];
          long out = Math.ceilDiv(size[i], stride);
          long span = (kernel[i] - 1) * dilations(rank)[i] + 1;
          long total = Math.max(0, (out - 1) * stride + span - size[i]);
          long small = total / 2;
          begin[i] = autoPad == AutoPad.SAME_UPPER ? small : total - small;
          end[i] = total - begin[i];
        }
        yield new Pads(begin, end);
      }
    };
  }

  /// Cells after the last window of a pool, rounded up as `ceil_mode` says: the number of windows,
  /// of which none may begin beyond the picture and the cells before it.
  long count(int axis, long size, long kernel, Pads padded, int rank, boolean ceil) {
    long stride = strides(rank)[axis];
    long span = (kernel - 1) * dilations(rank)[axis] + 1;
    long room = size + padded.begin()[axis] + padded.end()[axis] - span;
    long count = (ceil ? Math.ceilDiv(room, stride) : Math.floorDiv(room, stride)) + 1;
    return ceil && (count - 1) * stride >= size + padded.begin()[axis] ? count - 1 : count;
  }

  static long[] filled(int length, long value) {
    long[] values = new long[length];
    Arrays.fill(values, value);
    return values;
  }

  /// Cells before and after each spatial axis; negative ones cut.
  record Pads(long[] begin, long[] end) {

    static Pads none(int rank) {
      return new Pads(new long[rank], new long[rank]);
    }

    static Pads of(long[] pads) {
      int rank = pads.length / 2;
      return new Pads(Arrays.copyOf(pads, rank), Arrays.copyOfRange(pads, rank, 2 * rank));
    }

    /// Whether libtorch's operators can take them as they are.
    boolean symmetric() {
      return Arrays.equals(begin, end) && Arrays.stream(begin).allMatch(pad -> pad >= 0);
    }

    boolean isNone() {
      return Arrays.stream(begin).allMatch(pad -> pad == 0)
          && Arrays.stream(end).allMatch(pad -> pad == 0);
    }

    /// What is left when libtorch has taken the same on both sides.
    Pads minus(long[] both) {
      return new Pads(difference(begin, both), difference(end, both));
    }

    Pads negated() {
      long[] zeros = new long[begin.length];
      return new Pads(difference(zeros, begin), difference(zeros, end));
    }

    private static long[] difference(long[] from, long[] what) {
      long[] rest = new long[from.length];
      for (int i = 0; i < rest.length; i++) {
        rest[i] = from[i] - what[i];
      }
      return rest;
    }

    /// As libtorch's pad wants them: from the last axis to the first, before and after.
    long[] forTorch() {
      int rank = begin.length;
      long[] written = new long[2 * rank];
      for (int i = 0; i < rank; i++) {
        written[2 * (rank - 1 - i)] = begin[i];
        written[2 * (rank - 1 - i) + 1] = end[i];
      }
      return written;
    }
  }
}
