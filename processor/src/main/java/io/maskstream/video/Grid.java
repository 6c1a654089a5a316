package io.maskstream.video;

import java.util.Optional;

/// The size that a release wants frames in.
@FunctionalInterface
public interface Grid {

  /// The frame size for a picture of this size; the frame covers the whole picture.
  Size fit(Size upright);

  /// The grid for the picture of one access unit; asked for in presentation order.
  ///
  /// @param ticket identifies the access unit
  default Grid of(long ticket) {
    return this;
  }

  /// A second grid that the picture is wanted on, by a release that only looks on; asked for just
  /// after [#of].
  default Optional<Grid> beside(long ticket) {
    return Optional.empty();
  }
}
