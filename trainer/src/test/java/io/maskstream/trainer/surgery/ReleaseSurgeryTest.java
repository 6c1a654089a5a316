package io.maskstream.trainer.surgery;

import static io.maskstream.trainer.graph.Closeness.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.trainer.graph.GraphException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a graph goes through on its way to a release.
class ReleaseSurgeryTest {

  @Test
  void foldedBatchNormsChangeNothing() {
    Nets layers = Nets.of("N", 3, "H", "W").conv(8, 3, 2, 1).batchNorm().relu();
    String weights = layers.wiring().floats("up", new long[] {8, 3, 4, 4}, layers.noise(384, 0.2f));
    OnnxNode up =
        layers
            .wiring()
            .node("ConvTranspose", "up", layers.value(), weights)
            .set("group", 2)
            .set("strides", new long[] {2, 2});
    OnnxModel model = layers.at(up.output(), 6).batchNorm().model();
    float[] picture = layers.noise(3 * 32 * 32, 1);
    float[] before = Nets.run(model, "data", picture, 1, 3, 32, 32).values();

    assertThat(BatchNormFolding.apply(model.graph())).isZero();

    assertThat(model.graph().nodes().stream().map(OnnxNode::operator))
        .containsExactly("Conv", "Relu", "ConvTranspose");
    assertClose(Nets.run(model, "data", picture, 1, 3, 32, 32).values(), before, 1e-4);
  }

  @Test
  void aBatchNormWithoutAConvolutionOfItsOwnStays() {
    Nets layers = Nets.of("N", 3, "H", "W").conv(8, 3, 2, 1);
    String shared = layers.value();
    String normed = layers.batchNorm().value();
    String sum = layers.wiring().value("Add", "sum", shared, normed);
    OnnxModel model = layers.model(sum);

    assertThat(BatchNormFolding.apply(model.graph())).isEqualTo(1);
  }

  @Test
  void pruningKeepsWhatTheOutputsNeed() {
    Nets layers = Nets.of("N", 3, "H", "W").conv(8, 3, 2, 1);
    String trunk = layers.value();
    String main = layers.conv(2, 1, 1, 0).value();
    String aux = layers.at(trunk, 8).conv(2, 1, 1, 0).value();
    OnnxModel model = layers.model(main, aux);

    assertThatThrownBy(() -> Pruning.to(model, List.of("other")))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("no output other");
    Pruning.to(model, List.of(main));

    assertThat(model.graph().nodes()).hasSize(2);
    assertThat(model.graph().initializers()).hasSize(4);
  }
}
