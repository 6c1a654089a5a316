package io.maskstream.trainer.surgery;

import static io.maskstream.trainer.graph.Closeness.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxType;
import io.maskstream.onnx.OnnxValue;
import io.maskstream.release.GraphRunner.Tensor;
import io.maskstream.release.PackagingOptions.Channels;
import io.maskstream.release.PackagingOptions.Normalisation;
import io.maskstream.trainer.graph.GraphException;
import io.maskstream.trainer.graph.GraphImport;
import io.maskstream.video.Size;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A classifier that became convolutions says at its own size what it said before, in ONNX Runtime.
class ConvolutionalizeTest {

  private static final Size OWN = new Size(224, 224);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "squeezenet1.1_imagenet_fp32_opset7",
        "mobilenet_v2_1.0_imagenet_fp32",
        "light_resnet50",
        "light_squeezenet",
        "light_bvlc_alexnet"
      })
  void realClassifiersKeepTheirLogits(String name) {
    OnnxModel classifier = OnnxModel.read(Shared.model(name));
    float[] picture = Shared.street(224, 224);
    for (int i = 0; i < picture.length; i++) {
      picture[i] = (picture[i] - 127.5f) / 127.5f;
    }
    keepsItsLogits(classifier, picture, 224);
  }

  @ParameterizedTest
  @CsvSource({"true, false", "false, false", "true, true"})
  void fullyConnectedLayersBecomeConvolutions(boolean transposed, boolean channelsLast) {
    Nets layers = Nets.of(1, 3, 40, 40).conv(6, 3, 2, 1).relu().pool("MaxPool", 4, 4);
    if (channelsLast) {
      layers.at(
          layers
              .wiring()
              .node("Transpose", "turned", layers.value())
              .set("perm", new long[] {0, 2, 3, 1})
              .output(),
          6);
    }
    String shape = layers.wiring().vector("flat_shape", 1, -1);
    layers.node("Reshape", shape).gemm(6 * 25, 12, transposed).relu();
    String weights = layers.wiring().floats("last", new long[] {12, 5}, layers.noise(60, 1));
    String bias = layers.wiring().floats("last_bias", new long[] {1, 5}, layers.noise(5, 1));
    OnnxModel classifier = layers.node("MatMul", weights).node("Add", bias).node("Softmax").model();

    keepsItsLogits(classifier, layers.noise(3 * 40 * 40, 1), 40);
  }

  @Test
  void squeezeAndExciteIsNoPoolingOfTheTail() {
    Nets layers = Nets.of("N", 3, "H", "W").conv(6, 3, 2, 1).relu();
    String trunk = layers.value();
    layers.node("GlobalAveragePool").flatten().gemm(6, 6, true).node("Sigmoid");
    String gate = layers.node("Reshape", layers.wiring().vector("gate_shape", 0, 6, 1, 1)).value();
    layers.at(layers.wiring().value("Mul", "gated", trunk, gate), 6).conv(8, 3, 2, 1).relu();
    layers.node("GlobalAveragePool").flatten().gemm(8, 5, false);
    OnnxModel classifier = layers.model();

    keepsItsLogits(classifier, layers.noise(3 * 224 * 224, 1), 224);
    OnnxModel fcn = Fcn.of(classifier, raw());
    assertThat(operators(fcn)).contains("GlobalAveragePool", "Mul");
    assertThat(Nets.run(fcn, "image", new float[3 * 65 * 99], 1, 3, 65, 99).shape())
        .containsExactly(1, 2, 65, 99);
  }

  @Test
  void aBiggerPictureGivesAMapOfTheClassifiersAnswers() {
    Nets layers = Nets.of(1, 3, 32, 32).conv(6, 4, 4, 0).relu().flatten().gemm(6 * 64, 5, true);
    OnnxModel classifier = layers.model();
    float[] picture = layers.noise(3 * 40 * 32, 1);
    OnnxModel map = Fcn.convolutionalized(classifier, new Size(32, 32));

    Tensor.Floats scores = Nets.run(map, "data", picture, 1, 3, 40, 32);

    assertThat(scores.shape()).containsExactly(1, 5, 3, 1);
    for (int shift = 0; shift < 3; shift++) {
      float[] window = new float[3 * 32 * 32];
      for (int channel = 0; channel < 3; channel++) {
        int from = channel * 40 * 32 + 4 * shift * 32;
        System.arraycopy(picture, from, window, channel * 32 * 32, 32 * 32);
      }
      float[] own = Nets.run(classifier, "data", window, 1, 3, 32, 32).values();
      for (int k = 0; k < 5; k++) {
        assertThat(scores.values()[3 * k + shift]).isCloseTo(own[k], within(1e-4f));
      }
    }
  }

  @Test
  void aNodeThatStopsTheSurgeryIsNamed() {
    Nets layers = Nets.of(1, 3, 32, 32).conv(6, 4, 4, 0).flatten();
    layers.node("Reshape", layers.wiring().vector("odd", 1, 12, 32)).node("Softmax");
    OnnxModel classifier = layers.flatten().gemm(12 * 32, 5, true).model();

    assertThatThrownBy(() -> Fcn.of(classifier, raw()))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("Reshape(flat, odd) -> Reshape")
        .hasMessageContaining("[1, 12, 32]");
  }

  static FcnOptions raw() {
    return FcnOptions.of(2, 8).with(Normalisation.of(0, 1), Channels.RGB);
  }

  private static List<String> operators(OnnxModel model) {
    return model.graph().nodes().stream().map(OnnxNode::operator).toList();
  }

  static void keepsItsLogits(OnnxModel classifier, float[] picture, int side) {
    String input = GraphImport.normalise(classifier, "it").graph().inputs().getFirst().name();
    OnnxModel own = GraphImport.normalise(classifier, "it");
    Tensor.Floats expected = Nets.run(beforeSoftmax(own), input, picture, 1, 3, side, side);
    Tensor.Floats logits =
        Nets.run(Fcn.convolutionalized(classifier, OWN), input, picture, 1, 3, side, side);

    assertThat(logits.values()).hasSameSizeAs(expected.values());
    float range = 0;
    for (float value : expected.values()) {
      range = Math.max(range, Math.abs(value));
    }
    assertClose(logits.values(), expected.values(), 1e-4);
  }

  private static OnnxModel beforeSoftmax(OnnxModel model) {
    OnnxGraph graph = model.graph();
    String value = graph.outputs().getFirst().name();
    Set<String> renaming = Set.of("Softmax", "Identity", "Reshape", "Flatten", "Squeeze");
    while (renaming.contains(graph.producer(value).orElseThrow().operator())) {
      value = graph.producer(value).orElseThrow().input(0);
    }
    graph.setOutputs(List.of(OnnxValue.ofUnknownShape(value, OnnxType.FLOAT)));
    return model;
  }
}
