package io.maskstream.trainer.net;

import io.maskstream.onnx.OnnxModel;
import io.maskstream.release.PackagingOptions.Channels;
import io.maskstream.release.PackagingOptions.Normalisation;
import io.maskstream.trainer.surgery.EarlyFusion;
import io.maskstream.trainer.surgery.Fcn;
import io.maskstream.trainer.surgery.FcnOptions;
import io.maskstream.trainer.surgery.FcnOptions.Tap;
import io.maskstream.trainer.surgery.FcnOptions.Window;
import io.maskstream.trainer.surgery.LateFusion;
import io.maskstream.trainer.surgery.Modality;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/// The FCN papers' networks, by surgery on their classifiers: 100 zeros around the picture, BGR
/// less the mean, skips right after the pools, upscoring by fixed bilinear weights.
///
/// @param mean in the order in which the network reads its planes
/// @param channels that order
record CaffeFcn(Wish wish, Normalisation mean, Channels channels) {

  /// SIFT Flow's second output: horizontal, vertical or sky.
  static final String GEOMETRY = "geometry";

  private static final int GEOMETRIES = 3;

  static CaffeFcn voc(Wish wish) {
    return of(wish, Channels.BGR, 104.00699f, 116.66877f, 122.67892f);
  }

  static CaffeFcn context(Wish wish) {
    return of(wish, Channels.BGR, 104.007f, 116.669f, 122.679f);
  }

  static CaffeFcn siftFlow(Wish wish) {
    return of(wish, Channels.BGR, 114.578f, 115.294f, 108.353f);
  }

  /// The mean as nyud_layers.py has it, where it looks as if written in the order RGB.
  static CaffeFcn nyud(Wish wish) {
    return of(wish, Channels.BGR, 116.190f, 97.203f, 92.318f);
  }

  static CaffeFcn nyudHha(Wish wish) {
    return of(wish, Channels.RGB, 132.431f, 94.076f, 118.477f);
  }

  private static CaffeFcn of(Wish wish, Channels channels, float... mean) {
    if (wish.corners() != Corners.BETWEEN_PIXELS) {
      throw new IllegalArgumentException(
          "networks of the FCN papers upscore by transposed convolutions, which have no corners to "
              + "align; leave that out");
    }
    List<Float> means = List.of(mean[0], mean[1], mean[2]);
    return new CaffeFcn(wish, new Normalisation(means, List.of(1f, 1f, 1f)), channels);
  }

  private FcnOptions options(int stride) {
    return FcnOptions.of(wish.classes(), stride).with(mean, channels).with(wish.variant());
  }

  private FcnOptions padded(int stride) {
    return options(stride).with(Tap.FIRST).withPad(100);
  }

  private OnnxModel classifier(IntFunction<OnnxModel> builder) {
    return wish.classifier().orElseGet(() -> builder.apply(wish.thinning()));
  }

  OnnxModel vgg16(int stride) {
    return Fcn.of(classifier(Vgg::d), padded(stride));
  }

  OnnxModel vgg19(int stride) {
    return Fcn.of(classifier(Vgg::e), padded(stride));
  }

  OnnxModel alexNet(int stride) {
    return Fcn.of(classifier(AlexNet::build), padded(stride));
  }

  /// Its paper pads the picture by what the first convolution has, and scores what each size of map
  /// ends with.
  OnnxModel googLeNet(int stride) {
    return Fcn.of(classifier(GoogLeNet::build), options(stride));
  }

  /// Skips scaled down, so that all strides can be trained at once.
  OnnxModel atOnce() {
    return Fcn.of(classifier(Vgg::d), padded(8).withSkipScales(Map.of(16, 0.01f, 8, 0.0001f)));
  }

  /// One pool is scored, and nothing else.
  OnnxModel onlyPool(int pool) {
    return Fcn.of(Vgg.upToPool(pool, wish.fromNothing().thinning()), padded(32));
  }

  /// For serving: 4 zeros around the picture instead of 100, and fc6 keeps the size of its map.
  /// Scores lie where those of the papers' network lie, and are the same farther from the border
  /// than a unit sees, with less than two thirds of the work.
  OnnxModel tight(int stride) {
    return Fcn.of(classifier(Vgg::d), padded(stride).withPad(4).with(Window.SAME));
  }

  /// Colours and another modality in one network.
  OnnxModel early(Modality modality) {
    return EarlyFusion.of(vgg16(32), modality);
  }

  /// A network for colours and one for HHA.
  static OnnxModel late(Wish wish, int stride) {
    return LateFusion.of(nyud(wish).vgg16(stride), nyudHha(wish).vgg16(stride));
  }

  /// Classes and geometry told at once.
  OnnxModel withGeometry(int stride) {
    return Fcn.of(classifier(Vgg::d), padded(stride), Map.of(GEOMETRY, GEOMETRIES));
  }
}
