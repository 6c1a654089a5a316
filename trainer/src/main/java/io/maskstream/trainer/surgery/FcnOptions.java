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
///   it, such as 100 in the papers' nets (some more where they are rarefied); left out, as few as
///   cover the picture
/// @param window how fully connected layers that were k x k read their map
/// @param skipScales what the values of a skip are multiplied with before they are scored, by
///   stride: 0.01 for 16 and 0.0001 for 8 train all at once
/// @param nativeSize of the classifier's pictures, where its input is free
/// @param variant what the papers tried besides
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
    Size nativeSize,
    Variant variant) {

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

  /// What the papers tried besides, and left.
  ///
  /// @param fusion of scores of two strides
  /// @param coarsest stride that the trunk keeps, pixels: coarser layers lose their strides, and
  ///   what follows is dilated, as [Rarefaction] has it; 64 leaves every classifier as it is
  public record Variant(Fusion fusion, int coarsest) {

    public static final Variant PLAIN = new Variant(Fusion.SUM, 64);

    public Variant {
      if (coarsest < 1 || Integer.bitCount(coarsest) != 1) {
        throw new IllegalArgumentException("the coarsest stride must be a power of 2: " + coarsest);
      }
    }
  }

  /// How scores of two strides become one.
  public enum Fusion {
    /// As in all published nets.
    SUM("Add"),
    /// "Made learning difficult due to gradient switching" (Long et al. 2015, section 4.2).
    MAX("Max");

    private final String operator;

    Fusion(String operator) {
      this.operator = operator;
    }

    String operator() {
      return operator;
    }
  }

  static final int LARGEST_STRIDE = 32;

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
        new Size(224, 224),
        Variant.PLAIN);
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
        nativeSize,
        variant);
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
        nativeSize,
        variant);
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
        nativeSize,
        variant);
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
        nativeSize,
        variant);
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
        nativeSize,
        variant);
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
        nativeSize,
        variant);
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
        nativeSize,
        variant);
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
        other,
        variant);
  }

  public FcnOptions with(Variant other) {
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
        nativeSize,
        other);
  }
}
