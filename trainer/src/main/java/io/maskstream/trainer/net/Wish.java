package io.maskstream.trainer.net;

/// What is asked of a builder.
///
/// @param classes that its score layers tell apart
/// @param corners of bilinear resizing
/// @param thinning by which the published numbers of channels are divided; 1 for the network itself
public record Wish(int classes, Corners corners, int thinning) {

  public Wish with(Corners other) {
    return new Wish(classes, other, thinning);
  }
}
