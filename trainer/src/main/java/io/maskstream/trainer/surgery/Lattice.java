package io.maskstream.trainer.surgery;

import java.util.List;
import java.util.function.LongUnaryOperator;

/// Where the cells of a value lie in the picture, along one axis: cell i is centred on pixel first
/// + i * stride.
///
/// This is Caffe's coordinate map (python/caffe/coord_map.py) read the other way: it maps pixel x
/// to cell a x + b, so stride = 1 / a and first = -b / a. Its rule for convolutions and pools, (a,
/// b) -> (a / s, (b + p - (k - 1) / 2) / s), is [#window]; its rule for transposed convolutions, (a
/// s, b s + (k - 1) / 2 - p), is [#deconvolution].
///
/// @param stride pixels from one cell to the next
/// @param first the pixel on which cell 0 is centred; negative in front of the picture
/// @param length cells for a picture of so many pixels
record Lattice(double stride, double first, LongUnaryOperator length) {

  /// The picture itself.
  static Lattice picture() {
    return new Lattice(1, 0, n -> n);
  }

  /// The picture with as many zeros behind it as bring its side to a remainder.
  ///
  /// @param remainder of the side, divided by the step
  static Lattice fitted(long remainder, long step) {
    return new Lattice(1, 0, n -> n + Math.floorMod(remainder - n, step));
  }

  /// Zeros put before and behind.
  Lattice padded(long before, long behind) {
    return before == 0 && behind == 0
        ? this
        : new Lattice(
            stride, first - before * stride, n -> length.applyAsLong(n) + before + behind);
  }

  /// The same value when the picture itself is padded before anything else.
  Lattice ofPaddedPicture(long before, long behind) {
    return new Lattice(stride, first - before, n -> length.applyAsLong(n + before + behind));
  }

  /// Windows laid over it.
  ///
  /// @param reach pixels of a window from its first to its last tap
  /// @param step from one window to the next
  /// @param before zeros in front of it
  /// @param count windows over so many cells
  Lattice window(long reach, long step, long before, LongUnaryOperator count) {
    return new Lattice(
        stride * step,
        first + stride * ((reach - 1) / 2.0 - before),
        n -> {
          long cells = length.applyAsLong(n);
          return cells < 1 ? 0 : Math.max(0, count.applyAsLong(cells));
        });
  }

  /// A transposed convolution without padding.
  Lattice deconvolution(long kernel, long factor) {
    double fine = stride / factor;
    return new Lattice(
        fine,
        first - fine * (kernel - 1) / 2.0,
        n -> (length.applyAsLong(n) - 1) * factor + kernel);
  }

  /// Resizing that counts pixels by their centres (half_pixel).
  Lattice resizedByCentres(long factor) {
    double fine = stride / factor;
    return new Lattice(
        fine, first - fine * (factor - 1) / 2.0, n -> length.applyAsLong(n) * factor);
  }

  /// Resizing that keeps the first and the last cell where they are (align_corners).
  Lattice resizedByCorners(long factor) {
    return new Lattice(stride / factor, first, n -> (length.applyAsLong(n) - 1) * factor + 1);
  }

  /// How many cells of this one lie before the first of the other; negative where it begins later.
  double cellsBefore(Lattice other) {
    return (other.first - first) / stride;
  }

  /// Without its first cells, and with a length of its own.
  ///
  /// @param cells negative where some are put in front
  Lattice from(long cells, LongUnaryOperator kept) {
    return new Lattice(stride, first + cells * stride, kept);
  }

  boolean agreesWith(Lattice other) {
    return stride == other.stride && first == other.first;
  }

  boolean liesNear(Lattice other) {
    return stride == other.stride && Math.abs(first - other.first) < stride;
  }

  /// Whether both have equally many cells, for every side of a picture that plans are made for.
  boolean isAsLongAs(Lattice other) {
    for (long n = AxisPlan.SMALLEST; n <= AxisPlan.LARGEST; n++) {
      if (length.applyAsLong(n) != other.length.applyAsLong(n)) {
        return false;
      }
    }
    return true;
  }

  /// The mean of some that lie near each other.
  static Lattice between(List<Lattice> lattices) {
    Lattice one = lattices.getFirst();
    double first = lattices.stream().mapToDouble(Lattice::first).average().orElseThrow();
    return new Lattice(one.stride, first, one.length);
  }

  @Override
  public String toString() {
    return "stride " + stride + " from pixel " + first;
  }
}
