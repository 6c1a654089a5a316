package io.maskstream.trainer.surgery;

import io.maskstream.release.PackagingOptions.Channels;
import io.maskstream.release.PackagingOptions.Normalisation;
import java.util.Optional;

/// How a segmentation network gets other classes.
///
/// @param classes that it is to tell apart
/// @param normalisation how bytes become what the net wants; left out where the file says it
/// @param channels the order of colours that the net wants
/// @param mapping which classes the new ones start from; left out, all start from zero
/// @param sizes of the pictures within the network
/// @param enlarge by how much pictures are enlarged before the network sees them, where it takes
///   any size
/// @param output the output to take, where there are several
public record RetargetOptions(
    int classes,
    Optional<Normalisation> normalisation,
    Channels channels,
    Optional<ClassMapping> mapping,
    Sizes sizes,
    float enlarge,
    Optional<String> output) {

  /// The sizes of pictures within the network; the trainable graph takes any either way.
  public enum Sizes {
    /// Every picture at its own size.
    FREE,
    /// Every picture scaled to the network's size, and its scores back.
    OWN
  }

  /// More is a slip of the finger: memory grows with the square.
  private static final float LARGEST = 8;

  public RetargetOptions {
    if (classes < 2 || classes > 255) {
      throw new IllegalArgumentException("classes must be 2 to 255: " + classes);
    }
    if (!(enlarge > 0 && enlarge <= LARGEST)) {
      throw new IllegalArgumentException(
          "enlarge must be above 0 and at most " + LARGEST + ": " + enlarge);
    }
    int mapped = mapping.map(found -> found.sources().size()).orElse(classes);
    if (mapped != classes) {
      throw new IllegalArgumentException(
          "the mapping has " + mapped + " classes, the network is to have " + classes);
    }
  }

  /// Free size, RGB, score layer from zero.
  public static RetargetOptions of(int classes) {
    return new RetargetOptions(
        classes, Optional.empty(), Channels.RGB, Optional.empty(), Sizes.FREE, 1, Optional.empty());
  }

  public RetargetOptions with(Normalisation other, Channels order) {
    return new RetargetOptions(classes, Optional.of(other), order, mapping, sizes, enlarge, output);
  }

  public RetargetOptions with(ClassMapping other) {
    return new RetargetOptions(
        classes, normalisation, channels, Optional.of(other), sizes, enlarge, output);
  }

  public RetargetOptions with(Sizes other) {
    return new RetargetOptions(classes, normalisation, channels, mapping, other, enlarge, output);
  }

  public RetargetOptions withEnlarge(float other) {
    return new RetargetOptions(classes, normalisation, channels, mapping, sizes, other, output);
  }

  public RetargetOptions withOutput(String other) {
    return new RetargetOptions(
        classes, normalisation, channels, mapping, sizes, enlarge, Optional.of(other));
  }
}
