package io.maskstream.trainer.autograd;

import io.maskstream.onnx.OnnxNode;
import java.util.Arrays;

/// Which source cells a target cell of Resize is made of, along one axis, by the formulas of the
/// operator's definition.
///
/// @param cubic the a of Keys's cubic kernel
/// @param excludesOutside whether cells beyond the edge have no weight, instead of the edge's value
record Taps(
    Mode mode, Coordinates coordinates, Rounding rounding, double cubic, boolean excludesOutside) {

  enum Mode {
    NEAREST,
    LINEAR,
    CUBIC
  }

  enum Coordinates {
    HALF_PIXEL,
    HALF_PIXEL_SYMMETRIC,
    PYTORCH_HALF_PIXEL,
    ALIGN_CORNERS,
    ASYMMETRIC,
    TF_HALF_PIXEL_FOR_NN
  }

  enum Rounding {
    ROUND_PREFER_FLOOR,
    ROUND_PREFER_CEIL,
    FLOOR,
    CEIL
  }

  /// For each tap, the source cell and the weight of every target cell.
  ///
  /// @param weights empty where there is one tap of weight 1
  record Picks(long[][] indices, double[][] weights) {}

  static Taps of(OnnxNode node) {
    return new Taps(
        read(Mode.class, node, "mode", "nearest"),
        read(Coordinates.class, node, "coordinate_transformation_mode", "half_pixel"),
        read(Rounding.class, node, "nearest_mode", "round_prefer_floor"),
        node.number("cubic_coeff_a", -0.75f),
        node.integer("exclude_outside", 0) != 0);
  }

  private static <E extends Enum<E>> E read(
      Class<E> type, OnnxNode node, String attribute, String otherwise) {
    String text = node.text(attribute, otherwise);
    return Arrays.stream(type.getEnumConstants())
        .filter(value -> value.name().equalsIgnoreCase(text))
        .findFirst()
        .orElseThrow(() -> Operators.refusal(node, attribute + "=" + text));
  }

  boolean alignsCorners() {
    return coordinates == Coordinates.ALIGN_CORNERS;
  }

  /// Whether libtorch's bilinear upsampling does the same to a picture of this size.
  boolean isTorchBilinear(long[] target) {
    return mode == Mode.LINEAR
        && !excludesOutside
        && switch (coordinates) {
          case ALIGN_CORNERS, HALF_PIXEL -> true;
          case PYTORCH_HALF_PIXEL -> Arrays.stream(target).allMatch(size -> size > 1);
          case ASYMMETRIC, HALF_PIXEL_SYMMETRIC, TF_HALF_PIXEL_FOR_NN -> false;
        };
  }

  /// @param scale target length over source length, as the node has it
  Picks along(long source, long target, double scale) {
    int count =
        switch (mode) {
          case NEAREST -> 1;
          case LINEAR -> 2;
          case CUBIC -> 4;
        };
    long[][] indices = new long[count][(int) target];
    double[][] weights = new double[count][(int) target];
    for (int i = 0; i < target; i++) {
      double place = place(i, source, target, scale);
      if (mode == Mode.NEAREST) {
        indices[0][i] = Math.clamp(rounded(place), 0L, source - 1);
        continue;
      }
      long first = (long) Math.floor(place) - (count / 2 - 1);
      double sum = 0;
      for (int tap = 0; tap < count; tap++) {
        long cell = first + tap;
        boolean outside = cell < 0 || cell >= source;
        indices[tap][i] = Math.clamp(cell, 0L, source - 1);
        weights[tap][i] = outside && excludesOutside ? 0 : weight(Math.abs(place - cell));
        sum += weights[tap][i];
      }
      for (int tap = 0; tap < count; tap++) {
        weights[tap][i] /= sum;
      }
    }
    return new Picks(indices, mode == Mode.NEAREST ? new double[0][] : weights);
  }

  private double place(int i, long source, long target, double scale) {
    return switch (coordinates) {
      case HALF_PIXEL -> (i + 0.5) / scale - 0.5;
      case HALF_PIXEL_SYMMETRIC -> {
        double adjustment = target / (scale * source);
        yield source / 2.0 * (1 - adjustment) + (i + 0.5) / scale - 0.5;
      }
      case PYTORCH_HALF_PIXEL -> target > 1 ? (i + 0.5) / scale - 0.5 : 0;
      case ALIGN_CORNERS -> target > 1 ? (double) i * (source - 1) / (target - 1) : 0;
      case ASYMMETRIC -> i / scale;
      case TF_HALF_PIXEL_FOR_NN -> (i + 0.5) / scale;
    };
  }

  private long rounded(double place) {
    return (long)
        switch (rounding) {
          case ROUND_PREFER_FLOOR -> Math.ceil(place - 0.5);
          case ROUND_PREFER_CEIL -> Math.floor(place + 0.5);
          case FLOOR -> Math.floor(place);
          case CEIL -> Math.ceil(place);
        };
  }

  private double weight(double distance) {
    if (mode == Mode.LINEAR) {
      return Math.max(0, 1 - distance);
    }
    double d = distance;
    if (d <= 1) {
      return ((cubic + 2) * d - (cubic + 3)) * d * d + 1;
    }
    return d < 2 ? ((cubic * d - 5 * cubic) * d + 8 * cubic) * d - 4 * cubic : 0;
  }
}
