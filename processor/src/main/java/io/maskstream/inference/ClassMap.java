package io.maskstream.inference;

import io.maskstream.video.Size;
import org.jspecify.annotations.Nullable;

/// The class of every pixel of one frame.
///
/// @param size of the class map, which covers the whole picture
/// @param classes row-major class ids, 255 = ignore; owned by this record
/// @param confidence the winning softmax, or null where the release has none
public record ClassMap(Size size, byte[] classes, @Nullable Confidence confidence) {

  public ClassMap {
    if (classes.length != size.pixels()) {
      throw new IllegalArgumentException(
          "class map of " + size + " wants " + size.pixels() + " bytes, got " + classes.length);
    }
  }

  /// The winning softmax of every cell of the score grid, which is often coarser than the class
  /// map.
  ///
  /// @param size of the score grid, which covers the whole picture
  /// @param values row-major, softmax x 255
  public record Confidence(Size size, byte[] values) {

    public Confidence {
      if (values.length != size.pixels()) {
        throw new IllegalArgumentException(
            "confidence of " + size + " wants " + size.pixels() + " bytes, got " + values.length);
      }
    }
  }
}
