package io.maskstream.trainer.net;

import io.maskstream.onnx.OnnxModel;

/// The ImageNet classifiers VGG16 and VGG19 (Simonyan & Zisserman 2015, table 1, D and E), with
/// Caffe's pools.
final class Vgg {

  private static final int[] CHANNELS = {64, 128, 256, 512, 512};
  private static final int[] D = {2, 2, 3, 3, 3};
  private static final int[] E = {2, 2, 4, 4, 4};

  private Vgg() {}

  static OnnxModel d(int thinning) {
    return build("vgg16", D, thinning);
  }

  static OnnxModel e(int thinning) {
    return build("vgg19", E, thinning);
  }

  private static OnnxModel build(String name, int[] depths, int thinning) {
    Layers layers = new Layers(name, "data", 224, thinning);
    String x = stages(layers, depths, 5);
    x = layers.flat("flat", x);
    x = layers.dropout(layers.relu(layers.fullyConnected("fc6", x, 7 * 7, 4096)), 0.5f);
    x = layers.dropout(layers.relu(layers.fullyConnected("fc7", x, 1, 4096)), 0.5f);
    return layers.classifier(layers.fullyConnected("fc8", x, 1, 1000));
  }

  /// VGG16 up to one of its pools: where a single one is scored, as the papers ablate it.
  static OnnxModel upToPool(int pool, int thinning) {
    Layers layers = new Layers("vgg16-pool" + pool, "data", 224, thinning);
    String x = layers.flat("flat", layers.globalAverage("mean", stages(layers, D, pool)));
    return layers.classifier(layers.fullyConnected("fc", x, 1, 1000));
  }

  private static String stages(Layers layers, int[] depths, int last) {
    String x = "data";
    for (int stage = 1; stage <= last; stage++) {
      for (int i = 1; i <= depths[stage - 1]; i++) {
        x = layers.convRelu("conv" + stage + "_" + i, x, CHANNELS[stage - 1], Filter.of(3));
      }
      x = layers.ceilPool("pool" + stage, x, 2, 2);
    }
    return x;
  }
}
