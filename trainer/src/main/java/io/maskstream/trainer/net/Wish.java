package io.maskstream.trainer.net;

import io.maskstream.onnx.OnnxModel;
import io.maskstream.trainer.surgery.FcnOptions.Variant;
import java.util.Optional;

/// What is asked of a builder.
///
/// @param classes that its score layers tell apart
/// @param corners of bilinear resizing
/// @param thinning by which the published numbers of channels are divided; 1 for the network itself
/// @param classifier whose weights it is to begin with, where they are not to be random: of the
///   same trunk, and trained on pictures as the network wants them
/// @param variant of the FCN papers' networks, what they tried besides
public record Wish(
    int classes, Corners corners, int thinning, Optional<OnnxModel> classifier, Variant variant) {

  public Wish {
    if (classes < 1 || thinning < 1) {
      throw new IllegalArgumentException(
          "classes and thinning must be 1 or more: classes=" + classes + " thinning=" + thinning);
    }
  }

  public static Wish of(int classes) {
    return new Wish(classes, Corners.BETWEEN_PIXELS, 1, Optional.empty(), Variant.PLAIN);
  }

  public Wish with(Corners other) {
    return new Wish(classes, other, thinning, classifier, variant);
  }

  public Wish thinned(int other) {
    return new Wish(classes, corners, other, classifier, variant);
  }

  public Wish from(OnnxModel other) {
    return new Wish(classes, corners, thinning, Optional.of(other), variant);
  }

  public Wish with(Variant other) {
    return new Wish(classes, corners, thinning, classifier, other);
  }

  /// The same, for a builder that fuses no skips and has dilations of its own.
  Wish plain() {
    if (!variant.equals(Variant.PLAIN)) {
      throw new IllegalArgumentException(
          "this network is none of the FCN papers': it cannot be rarefied and fuses by no maximum; "
              + "leave that out");
    }
    return this;
  }

  /// The same, for a builder that knows no other weights than random ones.
  Wish fromNothing() {
    if (classifier.isPresent()) {
      throw new IllegalArgumentException(
          "this network cannot be made of a classifier; leave it out to begin with random weights");
    }
    return this;
  }
}
