package io.maskstream.trainer.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.inference.OrtGraphRunner;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.release.GraphRunner;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Every operator: what it gives against ONNX Runtime, and its gradient against finite differences.
class OperatorTest {

  /// Tests share their cores with others.
  @BeforeAll
  static void useOneThread() {
    TorchGraph.useThreads(1);
  }

  private static final double STEP = 1e-6;

  @Test
  void everyOperatorHasACase() {
    Set<String> covered = new TreeSet<>();
    OperatorCases.all().forEach(operatorCase -> covered.addAll(operatorCase.operators()));
    // The mask of a dropout is drawn; DropoutTest looks at it.
    covered.add("Dropout");
    assertThat(covered).containsAll(Operators.names());
  }

  @TestFactory
  Stream<DynamicTest> givesWhatOnnxRuntimeGives() {
    return OperatorCases.all().stream()
        .filter(operatorCase -> operatorCase.mode() != Mode.TRAINING)
        .map(operatorCase ->
            DynamicTest.dynamicTest(operatorCase.toString(), () -> compare(operatorCase)));
  }

  private static void compare(OperatorCase operatorCase) {
    OnnxModel model = operatorCase.model(Set.of(OperatorCase.X));
    OnnxTensor x = operatorCase.operand(OperatorCase.X);
    GraphRunner.Tensor expected;
    try (GraphRunner.Running running =
        new OrtGraphRunner().open(model.toBytes(), operatorCase.toString())) {
      expected = running.run(OperatorCase.X, fed(x)).get(OperatorCase.Y);
    }
    for (boolean channelsLast : new boolean[] {false, true}) {
      Placement placement = Placement.cpu().withChannelsLast(channelsLast);
      try (TorchGraph graph = TorchGraph.load(model, placement);
          PointerScope scope = new PointerScope()) {
        Map<String, Tensor> inputs = Map.of(OperatorCase.X, tensor(x, ScalarType.Float));
        Tensor y =
            graph.forward(inputs, Mode.EVALUATION, Set.of(OperatorCase.Y)).get(OperatorCase.Y);
        assertThat(y.shape()).containsExactly(expected.shape());
        double[] numbers = numbers(expected);
        double largest = 1;
        for (double number : numbers) {
          largest = Double.isInfinite(number) ? largest : Math.max(largest, Math.abs(number));
        }
        double[] got = HostArrays.numbers(y);
        assertClose(got, numbers, 2e-6 * largest);
      }
    }
  }

  private static void assertClose(double[] got, double[] expected, double tolerance) {
    assertThat(got).hasSameSizeAs(expected);
    for (int i = 0; i < got.length; i++) {
      boolean close = Math.abs(got[i] - expected[i]) <= tolerance || got[i] == expected[i];
      assertThat(close)
          .as("element %d of %d is %s, expected %s", i, got.length, got[i], expected[i])
          .isTrue();
    }
  }

  @TestFactory
  Stream<DynamicTest> gradientsAreThoseOfFiniteDifferences() {
    return OperatorCases.all().stream()
        .filter(OperatorCase::isSmooth)
        .map(operatorCase ->
            DynamicTest.dynamicTest(operatorCase.toString(), () -> differentiate(operatorCase)));
  }

  /// In float64, of the sum of all outputs, each with a weight of its own.
  private static void differentiate(OperatorCase operatorCase) {
    Set<String> operands = operatorCase.differentiable();
    Map<String, double[]> values = new LinkedHashMap<>();
    for (String operand : operands) {
      values.put(operand, HostArrays.numbers(operatorCase.operand(operand).floats()));
    }
    Set<String> inputs = new HashSet<>(operands);
    try (TorchGraph graph =
        TorchGraph.load(operatorCase.model(inputs), Placement.cpu(), ScalarType.Double)) {
      Map<String, double[]> gradients = new LinkedHashMap<>();
      try (PointerScope scope = new PointerScope()) {
        Map<String, Tensor> fed = new LinkedHashMap<>();
        values.forEach((operand, numbers) -> {
          Tensor tensor = Tensor.create(numbers, operatorCase.operand(operand).shape());
          tensor.set_requires_grad(true);
          fed.put(operand, tensor);
        });
        sum(graph, operatorCase, fed).backward();
        fed.forEach((operand, tensor) -> gradients.put(operand, HostArrays.numbers(tensor.grad())));
      }
      double largest = 0;
      for (double[] gradient : gradients.values()) {
        for (double slope : gradient) {
          largest = Math.max(largest, Math.abs(slope));
        }
      }
      assertThat(largest).as("largest slope").isPositive();
      for (String operand : operands) {
        double[] numbers = values.get(operand);
        double[] expected = new double[numbers.length];
        for (int i = 0; i < numbers.length; i++) {
          double kept = numbers[i];
          numbers[i] = kept + STEP;
          double above = sumOf(graph, operatorCase, values);
          numbers[i] = kept - STEP;
          double below = sumOf(graph, operatorCase, values);
          numbers[i] = kept;
          expected[i] = (above - below) / (2 * STEP);
        }
        assertClose(gradients.get(operand), expected, 1e-7 * (1 + largest));
      }
    }
  }

  private static double sumOf(
      TorchGraph graph, OperatorCase operatorCase, Map<String, double[]> values) {
    try (PointerScope scope = new PointerScope()) {
      Map<String, Tensor> fed = new LinkedHashMap<>();
      values.forEach((operand, numbers) ->
          fed.put(operand, Tensor.create(numbers, operatorCase.operand(operand).shape())));
      return sum(graph, operatorCase, fed).item_double();
    }
  }

  private static Tensor sum(TorchGraph graph, OperatorCase operatorCase, Map<String, Tensor> fed) {
    Tensor y = graph.forward(fed, operatorCase.mode(), Set.of(OperatorCase.Y)).get(OperatorCase.Y);
    double[] weights = new double[(int) y.numel()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = Math.cos(1 + 1.7 * i);
    }
    return y.mul(Tensor.create(weights, y.shape())).sum();
  }

  private static Tensor tensor(OnnxTensor constant, ScalarType real) {
    return Constants.tensor(constant, real, Placement.cpu());
  }

  private static GraphRunner.Tensor fed(OnnxTensor constant) {
    return constant.type().isFloat()
        ? new GraphRunner.Tensor.Floats(constant.shape(), constant.floats())
        : new GraphRunner.Tensor.Longs(constant.shape(), constant.longs());
  }

  static double[] numbers(GraphRunner.Tensor tensor) {
    return switch (tensor) {
      case GraphRunner.Tensor.Floats(long[] _, float[] values) -> HostArrays.numbers(values);
      case GraphRunner.Tensor.Longs(long[] _, long[] values) -> HostArrays.numbers(values);
      case GraphRunner.Tensor.Bytes(long[] _, byte[] values) -> {
        double[] numbers = new double[values.length];
        for (int i = 0; i < values.length; i++) {
          numbers[i] = values[i] & 0xff;
        }
        yield numbers;
      }
    };
  }
}
