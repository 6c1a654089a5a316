package io.maskstream.trainer.data;

import io.maskstream.painting.ClassPicture;
import io.maskstream.painting.RgbPicture;
import java.util.Map;

/// A picture and the class of each of its pixels. Never changed once made, so threads may share it.
///
/// @param name as reports and messages have it
/// @param others planes besides colours, of the picture's size; none in most sets
/// @param labels of the picture's size; 255 = ignore
/// @param further labels of the same pixels by another list of classes, by the name of the
///   network's output that tells them, such as SIFT Flow's `geometry`; none in most sets
public record LabelledPicture(
    String name,
    RgbPicture picture,
    Planes others,
    ClassPicture labels,
    Map<String, ClassPicture> further) {

  /// The label of pixels that count neither in the loss nor in a score.
  public static final int IGNORE = 255;

  public LabelledPicture {
    further = Map.copyOf(further);
    check(name, picture, labels);
    further.values().forEach(map -> check(name, picture, map));
    long pixels = (long) picture.width() * picture.height();
    if (others.values().length != others.count() * pixels) {
      throw new IllegalArgumentException(
          "picture and its other planes differ in size: name=%s picture=%dx%d planes=%d values=%d"
              .formatted(
                  name, picture.width(), picture.height(), others.count(), others.values().length));
    }
  }

  /// A picture of colours alone, with one map of labels.
  public LabelledPicture(String name, RgbPicture picture, ClassPicture labels) {
    this(name, picture, Planes.NONE, labels, Map.of());
  }

  private static void check(String name, RgbPicture picture, ClassPicture labels) {
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
