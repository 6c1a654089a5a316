package io.maskstream.trainer.surgery;

import io.maskstream.release.PackagingOptions.Channels;
import io.maskstream.release.PackagingOptions.Normalisation;
import io.maskstream.video.Size;
import java.util.Map;
import java.util.Optional;

/// How a classifier becomes an FCN; see Shelhamer, Long & Darrell 2016, section 4.
///
/// @param classes that the score layers tell apart
/// @param stride of the finest scores that are fused: 32, 16, 8 or 4 pixels
/// @param normalisation how bytes become what the net wants; left out where the file says it
/// @param channels the order of colours that the net wants
/// @param upscore how scores become finer
/// @param tail what becomes of the fully connected layers before the last
/// @param tap which value of each stride is scored
/// @param pad zeros in front of the picture in the first convolution, and at least as many behind
///   it, such as 100 in the papers' nets; left out, as few as cover the picture
/// @param window how fully connected layers that were k x k read their map
/// @param skipScales what the values of a skip are multiplied with before they are scored, by
///   stride: 0.01 for 16 and 0.0001 for 8 train all at once
/// @param nativeSize of the classifier's pictures, where its input is free
public record FcnOptions(
    int classes,
    int stride,
    Optional<Normalisation> normalisation,
    Channels channels,
    Upscore upscore,
    Tail tail,
    Tap tap,
    Optional<Integer> pad,
    Window window,
    Map<Integer, Float> skipScales,
    Size nativeSize) {

  /// How scores become finer.
  public enum Upscore {
    /// A transposed convolution for each class, bilinear at first; it can learn.
    DECONVOLUTION,
    /// Bilinear resizing; nothing to learn.
    RESIZE
  }

  /// What becomes of the fully connected layers before the last.
  public enum Tail {
    /// They become convolutions with the same weights.
    KEPT,
    /// They are cut off.
    CUT
  }

  /// Which value of each stride is scored.
  public enum Tap {
    /// The last, which has seen most; before the next pooling.
    LAST,
    /// The first, as pool3 and pool4 in the papers; right after the pooling.
    FIRST
  }

  /// How fully connected layers that were k x k read their map.
  public enum Window {
    /// With zeros around it, so that the map keeps its size.
    SAME,
    /// As it is, which costs k - 1 cells; the papers' nets make up for it by zeros around the
    /// picture.
    VALID
  }

  private static final int LARGEST_STRIDE = 32;

  public FcnOptions {
    skipScales = Map.copyOf(skipScales);
    if (classes < 2 || classes > 255) {
      throw new IllegalArgumentException("classes must be 2 to 255: " + classes);
    }
    if (stride != 4 && stride != 8 && stride != 16 && stride != LARGEST_STRIDE) {
      throw new IllegalArgumentException("stride must be 4, 8, 16 or 32: " + stride);
    }
    if (pad.isPresent() && pad.get() < 0) {
      throw new IllegalArgumentException("pad is negative: " + pad.get());
    }
  }

  /// The plainest choice: RGB, learned upscoring, as little padding as needed.
  public static FcnOptions of(int classes, int stride) {
    return new FcnOptions(
        classes,
        stride,
        Optional.empty(),
        Channels.RGB,
        Upscore.DECONVOLUTION,
        Tail.KEPT,
        Tap.LAST,
        Optional.empty(),
        Window.SAME,
        Map.of(),
        new Size(224, 224));
  }

  public FcnOptions with(Normalisation other, Channels order) {
    return new FcnOptions(
        classes,
        stride,
        Optional.of(other),
        order,
        upscore,
        tail,
        tap,
        pad,
        window,
        skipScales,
        nativeSize);
  }

  public FcnOptions with(Upscore other) {
    return new FcnOptions(
        classes,
        stride,
        normalisation,
        channels,
        other,
        tail,
        tap,
        pad,
        window,
        skipScales,
        nativeSize);
  }

  public FcnOptions with(Tail other) {
    return new FcnOptions(
        classes,
        stride,
        normalisation,
        channels,
        upscore,
        other,
        tap,
        pad,
        window,
        skipScales,
        nativeSize);
  }

  public FcnOptions with(Tap other) {
    return new FcnOptions(
        classes,
        stride,
        normalisation,
        channels,
        upscore,
        tail,
        other,
        pad,
        window,
        skipScales,
        nativeSize);
  }

  public FcnOptions with(Window other) {
    return new FcnOptions(
        classes,
        stride,
        normalisation,
        channels,
        upscore,
        tail,
        tap,
        pad,
        other,
        skipScales,
        nativeSize);
  }

  /// As in the papers' nets: so many zeros around the picture, and [Window#VALID].
  public FcnOptions withPad(int other) {
    return new FcnOptions(
        classes,
        stride,
        normalisation,
        channels,
        upscore,
        tail,
        tap,
        Optional.of(other),
        Window.VALID,
        skipScales,
        nativeSize);
  }

  public FcnOptions withSkipScales(Map<Integer, Float> other) {
    return new FcnOptions(
        classes,
        stride,
        normalisation,
        channels,
        upscore,
        tail,
        tap,
        pad,
        window,
        other,
        nativeSize);
  }

  public FcnOptions withNativeSize(Size other) {
    return new FcnOptions(
        classes,
        stride,
        normalisation,
        channels,
        upscore,
        tail,
        tap,
        pad,
        window,
        skipScales,
        other);
  }
}
