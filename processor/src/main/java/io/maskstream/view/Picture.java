package io.maskstream.view;

import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.FrameStatistics;
import io.maskstream.wire.Identity;
import io.maskstream.wire.Mask;
import org.jspecify.annotations.Nullable;

/// A coded picture with what is known of it.
///
/// @param mask of the release that serves, or a marker; null if none came in time
/// @param candidate the mask of a release that is tried beside it; null if there is none
/// @param statistics of the mask; null if none came in time
record Picture(
    AccessUnit unit,
    @Nullable Mask mask,
    @Nullable Mask candidate,
    @Nullable FrameStatistics statistics) {

  Identity identity() {
    return unit.identity();
  }

  String cameraId() {
    return identity().cameraId();
  }

  /// The same with other coded bytes.
  Picture with(AccessUnit other) {
    return new Picture(other, mask, candidate, statistics);
  }
}
