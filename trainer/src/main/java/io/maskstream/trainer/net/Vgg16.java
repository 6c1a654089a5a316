package io.maskstream.trainer.net;

import io.maskstream.onnx.OnnxDimension;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxType;
import io.maskstream.onnx.OnnxValue;
import io.maskstream.release.PackagingOptions.Channels;
import io.maskstream.release.PackagingOptions.Normalisation;
import io.maskstream.trainer.surgery.Fcn;
import io.maskstream.trainer.surgery.FcnOptions;
import java.util.List;
import java.util.Map;

/// The ImageNet classifier VGG16 (Simonyan & Zisserman 2015, table 1, D), from which the FCN papers
/// start: surgery makes FCN-32s, 16s and 8s of it. 528 MiB of weights.
public final class Vgg16 {

  private static final int[][] STAGES = {
    {64, 64}, {128, 128}, {256, 256, 256}, {512, 512, 512}, {512, 512, 512}
  };
  private static final int SIDE = 224;
  private static final int CLASSES = 1000;

  private Vgg16() {}

  /// Builds the classifier with random weights; always the same.
  public static OnnxModel build() {
    Layers layers = new Layers("vgg16", "data", SIDE);
    String x = "data";
    int channels = 3;
    for (int stage = 1; stage <= STAGES.length; stage++) {
      for (int i = 1; i <= STAGES[stage - 1].length; i++) {
        int to = STAGES[stage - 1][i - 1];
        x = layers.relu(layers.conv("conv" + stage + "_" + i, x, channels, to, 3, 1, 1));
        channels = to;
      }
      x = layers.maxPool("pool" + stage, x, 2, 2, 0);
    }
    x = layers.node("Flatten", "flat", x).output();
    x = layers.relu(layers.fullyConnected("fc6", x, 7 * 7 * channels, 4096));
    x = layers.relu(layers.fullyConnected("fc7", layers.dropout(x, 0.5f), 4096, 4096));
    layers.fullyConnected("fc8", layers.dropout(x, 0.5f), 4096, CLASSES);
    return layers.model(
        new OnnxValue(
            "fc8", OnnxType.FLOAT, List.of(OnnxDimension.free("N"), OnnxDimension.fixed(CLASSES))));
  }

  /// FCN-32s, 16s or 8s as in the papers' reference nets: 100 zeros around the picture, BGR less
  /// the mean, skips from pool4 and pool3, which are scaled so that all can be trained at once.
  public static OnnxModel fcn(int classes, int stride) {
    return Fcn.of(
        build(),
        FcnOptions.of(classes, stride)
            .with(
                new Normalisation(List.of(104.00699f, 116.66877f, 122.67892f), List.of(1f, 1f, 1f)),
                Channels.BGR)
            .with(FcnOptions.Tap.FIRST)
            .withPad(100)
            .withSkipScales(Map.of(16, 0.01f, 8, 0.0001f)));
  }
}
