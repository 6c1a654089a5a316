package io.maskstream.trainer.surgery;

/// Where the cells of a value lie in the picture.
///
/// @param y along its height
/// @param x along its width
record Place(Lattice y, Lattice x) {

  Lattice axis(int axis) {
    return axis == 0 ? y : x;
  }

  boolean agreesWith(Place other) {
    return y.agreesWith(other.y) && x.agreesWith(other.x);
  }

  /// Pixels from one cell to the next, or nothing sensible where the axes differ.
  double stride() {
    return y.stride() == x.stride() ? y.stride() : Double.NaN;
  }

  @Override
  public String toString() {
    return y.equals(x) ? y.toString() : y + " x " + x;
  }
}
