package io.maskstream.trainer.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.maskstream.trainer.solver.TinyNet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Two micro-batches with joint statistics, against one batch of all their pictures.
class JointStatisticsTest {

  private static final Set<String> LOGITS = Set.of(TorchGraph.LOGITS);

  @BeforeAll
  static void useOneThread() {
    TorchGraph.useThreads(1);
  }

  private record Run(
      float[] logits, Map<String, float[]> gradients, Map<String, float[]> running) {}

  @Test
  void scoresAndRunningStatisticsAreThoseOfOneBatch() {
    try (PointerScope scope = new PointerScope()) {
      Tensor dark = pictures(1, 2).mul(new Scalar(0.3));
      Tensor bright = pictures(2, 1);
      Run whole = together(dark, bright);
      Run parts = apart(dark, bright);
      assertClose(parts.logits(), whole.logits(), 1e-5 * most(whole.logits()));
      assertThat(parts.running()).hasSize(2);
      parts
          .running()
          .forEach((name, values) ->
              assertClose(
                  values, whole.running().get(name), 1e-5 * most(whole.running().get(name))));
    }
  }

  /// Each batch's part of the gradient goes through its own statistics alone, which are those of
  /// all if the batches are the same. A bias before a batch norm has none but rounding.
  @Test
  void theGradientOfTwinsIsThatOfOneBatch() {
    try (PointerScope scope = new PointerScope()) {
      Tensor picture = pictures(1, 2);
      Run whole = together(picture, picture);
      Run parts = apart(picture, picture);
      assertThat(parts.gradients()).hasSizeGreaterThan(6);
      double most =
          whole.gradients().values().stream()
              .mapToDouble(JointStatisticsTest::most)
              .max()
              .orElseThrow();
      parts
          .gradients()
          .forEach((name, values) -> assertClose(values, whole.gradients().get(name), 1e-5 * most));
    }
  }

  private static Run together(Tensor first, Tensor second) {
    try (TorchGraph graph = TorchGraph.load(TinyNet.withoutDropout(3), Placement.cpu())) {
      Tensor all = torch.cat(new TensorVector(first, second), 0);
      Tensor logits = forward(graph.forward(Map.of("image", all), Mode.TRAINING, LOGITS));
      logits.mul(logits).sum().backward();
      return new Run(HostArrays.floats(logits), gradients(graph), running(graph));
    }
  }

  private static Run apart(Tensor first, Tensor second) {
    try (TorchGraph graph = TorchGraph.load(TinyNet.withoutDropout(3), Placement.cpu())) {
      List<Map<String, Tensor>> inputs = List.of(Map.of("image", first), Map.of("image", second));
      JointStatistics joint = graph.statistics(inputs, LOGITS);
      Tensor one = forward(graph.forward(inputs.get(0), joint, LOGITS));
      one.mul(one).sum().backward();
      Tensor two = forward(graph.forward(inputs.get(1), joint, LOGITS));
      two.mul(two).sum().backward();
      Tensor logits = torch.cat(new TensorVector(one, two), 0);
      return new Run(HostArrays.floats(logits), gradients(graph), running(graph));
    }
  }

  private static Tensor forward(Map<String, Tensor> outputs) {
    return outputs.get(TorchGraph.LOGITS);
  }

  private static Map<String, float[]> gradients(TorchGraph graph) {
    Map<String, float[]> gradients = new LinkedHashMap<>();
    graph.parameters().stream()
        .filter(parameter -> parameter.role().isLearned())
        .forEach(parameter ->
            gradients.put(parameter.name(), HostArrays.floats(parameter.tensor().grad())));
    return gradients;
  }

  private static Map<String, float[]> running(TorchGraph graph) {
    Map<String, float[]> running = new LinkedHashMap<>();
    graph.parameters().stream()
        .filter(parameter -> parameter.role() == Role.BUFFER)
        .forEach(parameter -> running.put(parameter.name(), HostArrays.floats(parameter.tensor())));
    return running;
  }

  private static Tensor pictures(long seed, int count) {
    torch.manual_seed(seed);
    return torch.rand(count, 3, 24, 20).mul(new Scalar(255.0));
  }

  private static double most(float[] values) {
    double most = 0;
    for (float value : values) {
      most = Math.max(most, Math.abs(value));
    }
    return most;
  }

  private static void assertClose(float[] values, float[] expected, double difference) {
    assertThat(values).hasSameSizeAs(expected);
    for (int i = 0; i < values.length; i++) {
      assertThat((double) values[i]).isCloseTo(expected[i], within(difference));
    }
  }
}
