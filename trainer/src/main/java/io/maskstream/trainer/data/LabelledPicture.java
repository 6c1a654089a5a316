package io.maskstream.trainer.data;

import io.maskstream.painting.ClassPicture;
import io.maskstream.painting.RgbPicture;

/// A picture and the class of each of its pixels. Never changed once made, so threads may share it.
///
/// @param name as reports and messages have it
/// @param labels of the picture's size; 255 = ignore
public record LabelledPicture(String name, RgbPicture picture, ClassPicture labels) {

  /// The label of pixels that count neither in the loss nor in a score.
  public static final int IGNORE = 255;

  public LabelledPicture {
    if (picture.width() != labels.width() || picture.height() != labels.height()) {
      throw new IllegalArgumentException(
          "picture and labels differ in size: name=%s picture=%dx%d labels=%dx%d"
              .formatted(name, picture.width(), picture.height(), labels.width(), labels.height()));
    }
  }

  public int width() {
    return picture.width();
  }

  public int height() {
    return picture.height();
  }
}
