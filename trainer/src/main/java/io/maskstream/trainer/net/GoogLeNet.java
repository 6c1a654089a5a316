package io.maskstream.trainer.net;

import io.maskstream.onnx.OnnxModel;

/// The ImageNet classifier GoogLeNet (Szegedy et al. 2015, table 1) as Caffe's bvlc_googlenet has
/// it, without its two auxiliary classifiers.
final class GoogLeNet {

  private final Layers layers;

  private GoogLeNet(Layers layers) {
    this.layers = layers;
  }

  static OnnxModel build(int thinning) {
    return new GoogLeNet(new Layers("googlenet", "data", 224, thinning)).build();
  }

  private OnnxModel build() {
    String x = layers.convRelu("conv1", "data", 64, Filter.of(7).stride(2));
    x = layers.localResponse("norm1", layers.ceilPool("pool1", x, 3, 2));
    x = layers.convRelu("conv2_reduce", x, 64, Filter.of(1));
    x = layers.localResponse("norm2", layers.convRelu("conv2", x, 192, Filter.of(3)));
    x = layers.ceilPool("pool2", x, 3, 2);
    x = inception("3a", x, 64, 96, 128, 16, 32, 32);
    x = inception("3b", x, 128, 128, 192, 32, 96, 64);
    x = layers.ceilPool("pool3", x, 3, 2);
    x = inception("4a", x, 192, 96, 208, 16, 48, 64);
    x = inception("4b", x, 160, 112, 224, 24, 64, 64);
    x = inception("4c", x, 128, 128, 256, 24, 64, 64);
    x = inception("4d", x, 112, 144, 288, 32, 64, 64);
    x = inception("4e", x, 256, 160, 320, 32, 128, 128);
    x = layers.ceilPool("pool4", x, 3, 2);
    x = inception("5a", x, 256, 160, 320, 32, 128, 128);
    x = inception("5b", x, 384, 192, 384, 48, 128, 128);
    x = layers.dropout(layers.flat("flat", layers.globalAverage("pool5", x)), 0.4f);
    return layers.classifier(layers.fullyConnected("classifier", x, 1, 1000));
  }

  /// Four paths side by side (figure 2b); the 3 x 3 and 5 x 5 ones read fewer channels, and so does
  /// what follows the pool.
  private String inception(
      String name, String x, int one, int few3, int three, int few5, int five, int pooled) {
    String at = "inception_" + name;
    String y1 = layers.convRelu(at + ".1x1", x, one, Filter.of(1));
    String y3 = layers.convRelu(at + ".3x3_reduce", x, few3, Filter.of(1));
    y3 = layers.convRelu(at + ".3x3", y3, three, Filter.of(3));
    String y5 = layers.convRelu(at + ".5x5_reduce", x, few5, Filter.of(1));
    y5 = layers.convRelu(at + ".5x5", y5, five, Filter.of(5));
    String pool = layers.maxPool(at + ".pool", x, 3, 1, 1);
    String yp = layers.convRelu(at + ".pool_proj", pool, pooled, Filter.of(1));
    return layers.concat(at, y1, y3, y5, yp);
  }
}
