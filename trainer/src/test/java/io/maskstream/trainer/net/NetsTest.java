package io.maskstream.trainer.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxTensor;
import org.junit.jupiter.api.Test;

/// Networks have as many weights as their authors' have.
class NetsTest {

  /// mmsegmentation's fcn_r18-d8 for Cityscapes, with the auxiliary head.
  @Test
  void resNet18FcnHasTheAuthorsNumberOfWeights() {
    assertThat(learned(ResNet18Fcn.build(19)) / 1000).isEqualTo(12_822);
  }

  @Test
  void vgg16HasTheAuthorsNumberOfWeights() {
    assertThat(learned(Vgg16.build())).isEqualTo(138_357_544);
  }

  private static long learned(OnnxModel model) {
    return model.graph().initializers().stream()
        .filter(constant ->
            constant.name().endsWith(".weight")
                || constant.name().endsWith(".bias")
                || constant.name().endsWith(".scale")
                || constant.name().endsWith(".shift"))
        .mapToLong(OnnxTensor::size)
        .sum();
  }
}
