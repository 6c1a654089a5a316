package io.maskstream.trainer.surgery;

import java.util.List;

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

  /// Whether no cell lies a whole cell away from its like.
  boolean liesNear(Place other) {
    return y.liesNear(other.y) && x.liesNear(other.x);
  }

  boolean isAsLongAs(Place other) {
    return y.isAsLongAs(other.y) && x.isAsLongAs(other.x);
  }

  /// The mean of some that lie near each other.
  static Place between(List<Place> places) {
    return new Place(
        Lattice.between(places.stream().map(Place::y).toList()),
        Lattice.between(places.stream().map(Place::x).toList()));
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
