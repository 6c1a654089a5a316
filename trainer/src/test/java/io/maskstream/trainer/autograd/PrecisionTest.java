package io.maskstream.trainer.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Set;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Number formats, layouts and devices.
class PrecisionTest {

  /// Tests share their cores with others.
  @BeforeAll
  static void useOneThread() {
    TorchGraph.useThreads(1);
  }

  @Test
  void bfloat16ComputesAlmostTheSameAndLeavesParametersInFloat32() {
    float[] exact = logits(Placement.cpu(), Precision.FP32);
    float[] rounded = logits(Placement.cpu(), Precision.BF16);
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < exact.length; i++) {
      largest = Math.max(largest, Math.abs(exact[i]));
      difference = Math.max(difference, Math.abs(exact[i] - rounded[i]));
    }
    // 8 bits of significand; were nothing rounded, bf16 was not used at all.
    assertThat(difference / largest).isBetween(1e-5, 0.05);
  }

  @Test
  void gradientsUnderBfloat16AreFloat32() {
    try (TorchGraph graph = TorchGraph.load(SmallNet.build(), Placement.cpu());
        PointerScope scope = new PointerScope()) {
      Tensor logits;
      try (Precision.Scope precision = Precision.BF16.open(graph.placement().device())) {
        logits =
            graph
                .forward(
                    TorchGraphTest.fed(TorchGraphTest.image()),
                    Mode.TRAINING,
                    Set.of(TorchGraph.LOGITS))
                .get(TorchGraph.LOGITS);
      }
      assertThat(logits.scalar_type().intern()).isEqualTo(ScalarType.BFloat16);
      logits.to(ScalarType.Float).square().mean().backward();
      graph.parameters().stream()
          .filter(parameter -> parameter.tensor().grad().defined())
          .forEach(parameter ->
              assertThat(parameter.tensor().grad().scalar_type().intern())
                  .as(parameter.name())
                  .isEqualTo(ScalarType.Float));
    }
  }

  @Test
  void aScopeEndsWhatItBegan() {
    try (Precision.Scope precision = Precision.BF16.open(Placement.cpu().device())) {
      assertThat(torch.is_autocast_enabled(DeviceType.CPU)).isTrue();
    }
    assertThat(torch.is_autocast_enabled(DeviceType.CPU)).isFalse();
  }

  @Test
  void bothLayoutsGiveTheSame() {
    float[] planes = logits(Placement.cpu().withChannelsLast(false), Precision.FP32);
    float[] pixels = logits(Placement.cpu().withChannelsLast(true), Precision.FP32);
    for (int i = 0; i < planes.length; i++) {
      assertThat(pixels[i]).isCloseTo(planes[i], within(2e-5f));
    }
  }

  @Test
  void sixteenBitFloatsOnTheCpuAreRefusedWithTheRemedy() {
    assertThatThrownBy(() -> Precision.FP16.open(Placement.cpu().device()))
        .hasMessageContaining("precision=bf16");
  }

  @Test
  void aDeviceThatIsNotThereIsRefusedWithTheRemedy() {
    assertThatThrownBy(() -> Placement.of("cuda:7"))
        .isInstanceOf(TorchException.class)
        .hasMessageContaining("device=cuda:7")
        .hasMessageContaining("device=cpu");
    assertThatThrownBy(() -> Placement.of("gpu")).hasMessageContaining("device=gpu is unknown");
  }

  private static float[] logits(Placement placement, Precision precision) {
    try (TorchGraph graph = TorchGraph.load(SmallNet.build(), placement);
        PointerScope scope = new PointerScope();
        Precision.Scope casts = precision.open(placement.device())) {
      return HostArrays.floats(
          graph
              .forward(
                  TorchGraphTest.fed(TorchGraphTest.image()),
                  Mode.EVALUATION,
                  Set.of(TorchGraph.LOGITS))
              .get(TorchGraph.LOGITS));
    }
  }
}
