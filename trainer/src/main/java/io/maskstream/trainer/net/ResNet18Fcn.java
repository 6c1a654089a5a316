package io.maskstream.trainer.net;

import io.maskstream.onnx.OnnxModel;
import io.maskstream.trainer.graph.Trainable;

/// FCN R18-D8: a ResNet-18 with a deep stem that stays at stride 8 by dilation, and a head of two
/// convolutions (mmsegmentation's `fcn_r18-d8`). An auxiliary head reads the third stage, as PSPNet
/// proposed it (Zhao et al. 2017, section 3.3).
public final class ResNet18Fcn {

  public static final String AUXILIARY = "auxiliary";

  private final Layers layers = new Layers("fcn-r18-d8", Trainable.IMAGE, 0);
  private final int classes;

  private ResNet18Fcn(int classes) {
    this.classes = classes;
  }

  /// Builds the trainable graph, with random weights; always the same.
  public static OnnxModel build(int classes) {
    return new ResNet18Fcn(classes).build();
  }

  private OnnxModel build() {
    String x = layers.normalised(Trainable.IMAGE);
    x = layers.convNormRelu("stem.1", x, 3, 32, 3, 2, 1);
    x = layers.convNormRelu("stem.2", x, 32, 32, 3, 1, 1);
    x = layers.convNormRelu("stem.3", x, 32, 64, 3, 1, 1);
    x = layers.maxPool("stem.pool", x, 3, 2, 1);

    x = stage("layer1", x, 64, 64, 1, 1, 1);
    x = stage("layer2", x, 64, 128, 2, 1, 1);
    String third = stage("layer3", x, 128, 256, 1, 1, 2);
    String fourth = stage("layer4", third, 256, 512, 1, 2, 4);

    String y = layers.convNormRelu("head.1", fourth, 512, 128, 3, 1, 1);
    y = layers.convNormRelu("head.2", y, 128, 128, 3, 1, 1);
    y = layers.node("Concat", "head.both", fourth, y).set("axis", 1).output();
    y = layers.convNormRelu("head.cat", y, 640, 128, 3, 1, 1);
    score(Trainable.LOGITS, "head", y, 128);
    score(AUXILIARY, "aux", layers.convNormRelu("aux.1", third, 256, 64, 3, 1, 1), 64);
    return layers.model(
        Layers.pictures(Trainable.LOGITS, classes, -1, "H", "W"),
        Layers.pictures(AUXILIARY, classes, -1, "H", "W"));
  }

  /// Two basic blocks (He et al. 2016, figure 5 left). Where a stage gives up its stride, its first
  /// block has half the dilation.
  private String stage(
      String name, String x, int from, int to, int stride, int first, int dilation) {
    return block(name + ".2", block(name + ".1", x, from, to, stride, first), to, to, 1, dilation);
  }

  private String block(String name, String x, int from, int to, int stride, int dilation) {
    String y = layers.convNormRelu(name + ".conv1", x, from, to, 3, stride, dilation);
    y = layers.convNorm(name + ".conv2", y, to, to, 3, 1, 1);
    String past =
        from == to && stride == 1 ? x : layers.convNorm(name + ".past", x, from, to, 1, stride, 1);
    return layers.relu(layers.node("Add", name, y, past).output());
  }

  private void score(String output, String name, String x, int channels) {
    String score =
        layers.conv(
            name + "." + Trainable.SCORE, layers.dropout(x, 0.1f), channels, classes, 1, 1, 1);
    layers.resizedTo(output, score, classes, Trainable.IMAGE);
  }
}
