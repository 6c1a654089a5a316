package io.maskstream.trainer.net;

import io.maskstream.onnx.OnnxModel;

/// The ImageNet classifier AlexNet (Krizhevsky et al. 2012) as Caffe's reference model has it: each
/// pool before its normalisation.
final class AlexNet {

  private AlexNet() {}

  static OnnxModel build(int thinning) {
    Layers layers = new Layers("alexnet", "data", 227, thinning);
    String x = layers.convRelu("conv1", "data", 96, Filter.of(11).stride(4).pad(0));
    x = layers.localResponse("norm1", layers.ceilPool("pool1", x, 3, 2));
    x = layers.convRelu("conv2", x, 256, Filter.of(5).groups(2));
    x = layers.localResponse("norm2", layers.ceilPool("pool2", x, 3, 2));
    x = layers.convRelu("conv3", x, 384, Filter.of(3));
    x = layers.convRelu("conv4", x, 384, Filter.of(3).groups(2));
    x = layers.convRelu("conv5", x, 256, Filter.of(3).groups(2));
    x = layers.flat("flat", layers.ceilPool("pool5", x, 3, 2));
    x = layers.dropout(layers.relu(layers.fullyConnected("fc6", x, 6 * 6, 4096)), 0.5f);
    x = layers.dropout(layers.relu(layers.fullyConnected("fc7", x, 1, 4096)), 0.5f);
    return layers.classifier(layers.fullyConnected("fc8", x, 1, 1000));
  }
}
