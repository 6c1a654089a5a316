package io.maskstream.trainer.data;

import io.maskstream.video.Size;

/// Sizes of pictures that keep their proportions.
public final class Rescaling {

  private Rescaling() {}

  /// The largest size of the picture's proportions whose longer and shorter sides are no more than
  /// these two, whichever is which; sides are rounded (MMCV's `rescale_size`).
  public static Size fitted(Size picture, int side, int otherSide) {
    int longer = Math.max(picture.width(), picture.height());
    int shorter = Math.min(picture.width(), picture.height());
    double factor =
        Math.min(
            Math.max(side, otherSide) / (double) longer,
            Math.min(side, otherSide) / (double) shorter);
    return new Size(
        Math.max(1, (int) (picture.width() * factor + 0.5)),
        Math.max(1, (int) (picture.height() * factor + 0.5)));
  }
}
