package io.maskstream.trainer.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.maskstream.inference.OrtGraphRunner;
import io.maskstream.onnx.OnnxException;
import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.onnx.OnnxType;
import io.maskstream.onnx.OnnxValue;
import io.maskstream.release.GraphRunner;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A small net, run, trained and written back.
class TorchGraphTest {

  /// Tests share their cores with others.
  @BeforeAll
  static void useOneThread() {
    TorchGraph.useThreads(1);
  }

  private static final Set<String> LOGITS = Set.of(TorchGraph.LOGITS);

  /// Odd, so that nothing divides evenly.
  private static final long[] SHAPE = {2, 3, 37, 51};

  @Test
  void everyParameterHasItsRole() {
    try (TorchGraph graph = TorchGraph.load(SmallNet.build(), Placement.cpu())) {
      Map<String, Role> roles =
          graph.parameters().stream().collect(Collectors.toMap(Parameter::name, Parameter::role));
      assertThat(roles)
          .containsEntry("conv1.weight", Role.WEIGHT)
          .containsEntry("conv1.bias", Role.BIAS)
          .containsEntry("up.weight", Role.WEIGHT)
          .containsEntry("bn1.scale", Role.NORM)
          .containsEntry("bn1.shift", Role.NORM)
          .containsEntry("bn1.mean", Role.BUFFER)
          .containsEntry("bn1.var", Role.BUFFER)
          .doesNotContainKeys("mean", "std", "ratio", "scales", "one")
          .hasSize(13);
      graph
          .parameters()
          .forEach(parameter ->
              assertThat(parameter.tensor().requires_grad())
                  .as(parameter.name())
                  .isEqualTo(parameter.role().isLearned()));
    }
  }

  @Test
  void trainedWeightsWrittenBackGiveTheSameLogitsInOnnxRuntime() {
    float[] image = image();
    try (TorchGraph graph = TorchGraph.load(SmallNet.build(), Placement.cpu())) {
      for (int i = 0; i < 3; i++) {
        step(graph, image);
      }
      OnnxModel written = graph.toModel();
      Map<String, GraphRunner.Tensor> expected;
      try (GraphRunner.Running running =
          new OrtGraphRunner().open(written.toBytes(), "the trained net")) {
        expected = running.run(TorchGraph.IMAGE, new GraphRunner.Tensor.Floats(SHAPE, image));
      }
      try (PointerScope scope = new PointerScope()) {
        Map<String, Tensor> got = graph.forward(fed(image), Mode.EVALUATION, graph.outputs());
        got.forEach((name, tensor) -> {
          double[] numbers = OperatorTest.numbers(expected.get(name));
          double[] ours = HostArrays.numbers(tensor);
          for (int i = 0; i < ours.length; i++) {
            assertThat(ours[i]).as(name).isCloseTo(numbers[i], within(2e-5));
          }
        });
      }
    }
  }

  @Test
  void withoutTrainingTheGraphComesBackAsItWas() {
    OnnxModel model = SmallNet.build();
    try (TorchGraph graph = TorchGraph.load(model, Placement.cpu())) {
      OnnxModel written = graph.toModel();
      assertThat(written.graph().nodes().toString()).isEqualTo(model.graph().nodes().toString());
      for (OnnxTensor constant : model.graph().initializers()) {
        OnnxTensor back = written.graph().constant(constant.name()).orElseThrow();
        assertThat(back.shape()).containsExactly(constant.shape());
        if (constant.type().isFloat()) {
          assertThat(back.floats()).containsExactly(constant.floats());
        }
      }
    }
  }

  @Test
  void lossFallsWhenItsGradientIsFollowed() {
    float[] image = image();
    try (TorchGraph graph = TorchGraph.load(SmallNet.build(), Placement.cpu())) {
      double first = step(graph, image);
      double last = first;
      for (int i = 0; i < 20; i++) {
        last = step(graph, image);
      }
      assertThat(last).isLessThan(0.7 * first);
    }
  }

  /// ONNX: running = momentum * running + (1 - momentum) * batch's.
  @Test
  void runningStatisticsMoveByOnnxsMomentumAndOnlyWhileTraining() {
    float[] image = image();
    try (TorchGraph graph = TorchGraph.load(SmallNet.build(), Placement.cpu());
        PointerScope scope = new PointerScope()) {
      graph.forward(fed(image), Mode.EVALUATION, LOGITS);
      graph.forward(fed(image), Mode.FIXED_STATISTICS, LOGITS);
      assertThat(buffer(graph, "bn1.mean")).containsOnly(0);

      OnnxModel before = SmallNet.build();
      before.graph().setOutputs(List.of(OnnxValue.ofUnknownShape("conv1", OnnxType.FLOAT)));
      double[] conv;
      try (GraphRunner.Running running = new OrtGraphRunner().open(before.toBytes(), "conv1")) {
        conv =
            OperatorTest.numbers(
                running
                    .run(TorchGraph.IMAGE, new GraphRunner.Tensor.Floats(SHAPE, image))
                    .get("conv1"));
      }
      int channels = 8;
      int area = conv.length / (2 * channels);
      double mean = 0;
      for (int i = 0; i < conv.length; i++) {
        mean += i / area % channels == 3 ? conv[i] : 0;
      }
      mean /= 2 * area;

      graph.forward(fed(image), Mode.TRAINING, LOGITS);
      assertThat(buffer(graph, "bn1.mean")[3]).isCloseTo((float) (0.1 * mean), within(1e-6f));
    }
  }

  @Test
  void evaluationKeepsNothingForAGradientAndDropsNothing() {
    float[] image = image();
    try (TorchGraph graph = TorchGraph.load(SmallNet.build(), Placement.cpu());
        PointerScope scope = new PointerScope()) {
      Tensor first = graph.forward(fed(image), Mode.EVALUATION, LOGITS).get(TorchGraph.LOGITS);
      Tensor again = graph.forward(fed(image), Mode.EVALUATION, LOGITS).get(TorchGraph.LOGITS);
      assertThat(first.requires_grad()).isFalse();
      assertThat(first.equal(again)).isTrue();
    }
  }

  @Test
  void dropoutRepeatsUnderItsSeed() {
    float[] image = image();
    try (TorchGraph graph = TorchGraph.load(SmallNet.build(), Placement.cpu());
        PointerScope scope = new PointerScope()) {
      Tensor first = seeded(graph, image, 5);
      assertThat(first.equal(seeded(graph, image, 5))).isTrue();
      assertThat(first.equal(seeded(graph, image, 6))).isFalse();
    }
  }

  private static Tensor seeded(TorchGraph graph, float[] image, long seed) {
    TorchGraph.seed(seed);
    return graph.forward(fed(image), Mode.FIXED_STATISTICS, LOGITS).get(TorchGraph.LOGITS);
  }

  /// Of what it keeps, dropout makes more, so that the mean stays (Srivastava et al. 2014).
  @Test
  void dropoutDropsItsShareAndScalesTheRest() {
    OnnxModel model = OnnxModel.create("dropout", 17);
    OnnxGraph graph = model.graph();
    graph.setInputs(OnnxValue.ofUnknownShape("x", OnnxType.FLOAT));
    graph.add(OnnxTensor.ofFloats("ratio", new long[0], 0.25f));
    graph.append(new OnnxNode("Dropout", List.of("x", "ratio"), "y"));
    graph.setOutputs(List.of(OnnxValue.ofUnknownShape("y", OnnxType.FLOAT)));
    float[] ones = new float[10_000];
    Arrays.fill(ones, 1);
    try (TorchGraph torch = TorchGraph.load(model, Placement.cpu());
        PointerScope scope = new PointerScope()) {
      TorchGraph.seed(3);
      Tensor x = HostArrays.of(ones, ones.length);
      x.set_requires_grad(true);
      Tensor y = torch.forward(Map.of("x", x), Mode.TRAINING, Set.of("y")).get("y");
      y.sum().backward();
      float[] given = HostArrays.floats(y);
      assertThat(HostArrays.floats(x.grad())).containsExactly(given);
      int dropped = 0;
      for (float value : given) {
        assertThat(value).isIn(0f, 1 / 0.75f);
        dropped += value == 0 ? 1 : 0;
      }
      assertThat(dropped / 10_000.0).isCloseTo(0.25, within(0.02));
    }
  }

  @Test
  void whatAnOutputDoesNotNeedDoesNotRun() {
    float[] image = image();
    try (TorchGraph graph = TorchGraph.load(SmallNet.build(), Placement.cpu())) {
      try (PointerScope scope = new PointerScope()) {
        loss(graph.forward(fed(image), Mode.TRAINING, LOGITS).get(TorchGraph.LOGITS)).backward();
      }
      graph
          .parameters()
          .forEach(parameter ->
              assertThat(parameter.tensor().grad().defined())
                  .as(parameter.name())
                  .isEqualTo(parameter.role().isLearned() && !parameter.name().startsWith("aux")));
    }
  }

  /// The count sees every native object; a step's own go with its scope, or at once.
  @Test
  void aStepLeavesNoNativeObjectBehind() {
    float[] image = image();
    try (TorchGraph graph = TorchGraph.load(SmallNet.build(), Placement.cpu())) {
      step(graph, image);
      long before = Pointer.totalCount();
      assertThat(before).as("objects counted; needs nopointergc=false").isPositive();
      for (int i = 0; i < 40; i++) {
        step(graph, image);
      }
      assertThat(Pointer.totalCount()).isEqualTo(before);
    }
  }

  @Test
  void closingFreesEveryParameterEvenOfAGraphLoadedWithinAScope() {
    // Once before counting, for what lives as long as the program.
    try (TorchGraph first = TorchGraph.load(SmallNet.build(), Placement.cpu())) {
      step(first, image());
    }
    long before = Pointer.totalCount();
    TorchGraph graph;
    try (PointerScope scope = new PointerScope()) {
      graph = TorchGraph.load(SmallNet.build(), Placement.cpu());
    }
    step(graph, image());
    graph.close();
    assertThat(Pointer.totalCount()).isEqualTo(before);
  }

  @Test
  void aFailedRunNamesTheNodeAndFreesWhatItMade() {
    float[] image = new float[2 * 5 * 7 * 7];
    try (TorchGraph graph = TorchGraph.load(SmallNet.build(), Placement.cpu())) {
      long before = Pointer.totalCount();
      try (PointerScope scope = new PointerScope()) {
        Map<String, Tensor> fed = Map.of(TorchGraph.IMAGE, HostArrays.of(image, 2, 5, 7, 7));
        assertThatThrownBy(() -> graph.forward(fed, Mode.TRAINING, LOGITS))
            .isInstanceOf(TorchException.class)
            .hasMessageContaining("Sub(image, mean) -> centred")
            .hasMessageContaining("[2,5,7,7] [1,3,1,1]");
      }
      assertThat(Pointer.totalCount()).isEqualTo(before);
    }
  }

  @Test
  void anUnknownOperatorIsRefusedWithNodeAndOpset() {
    OnnxModel model = SmallNet.build();
    OnnxNode node = model.graph().producer("relu2").orElseThrow();
    node.setOperator("TopK");
    assertThatThrownBy(() -> TorchGraph.load(model, Placement.cpu()))
        .isInstanceOf(OnnxException.class)
        .hasMessageContaining("TopK(sum) -> relu2")
        .hasMessageContaining("opset 17");
  }

  @Test
  void aMissingInputAndAnUnknownOutputAreNamed() {
    try (TorchGraph graph = TorchGraph.load(SmallNet.build(), Placement.cpu())) {
      assertThatThrownBy(() -> graph.forward(Map.of(), Mode.TRAINING, LOGITS))
          .hasMessageContaining("input image");
      assertThatThrownBy(() -> graph.forward(Map.of(), Mode.TRAINING, Set.of("nowhere")))
          .hasMessageContaining("no output nowhere");
    }
  }

  /// One step of plain gradient descent towards class x + y of each pixel.
  static double step(TorchGraph graph, float[] image) {
    try (PointerScope scope = new PointerScope()) {
      Tensor loss = loss(graph.forward(fed(image), Mode.TRAINING, LOGITS).get(TorchGraph.LOGITS));
      loss.backward();
      for (Parameter parameter : graph.parameters()) {
        Tensor gradient = parameter.tensor().grad();
        if (gradient.defined()) {
          parameter.tensor().detach().sub_(gradient.mul(new Scalar(0.2)));
          gradient.zero_();
        }
      }
      return loss.item_double();
    }
  }

  private static Tensor loss(Tensor logits) {
    int height = (int) SHAPE[2];
    int width = (int) SHAPE[3];
    long[] labels = new long[(int) (SHAPE[0] * height * width)];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (i % width / 16 + i / width % height / 16) % SmallNet.CLASSES;
    }
    return torch.nll_loss_nd(
        torch.log_softmax(logits, 1), HostArrays.of(labels, SHAPE[0], height, width));
  }

  static Map<String, Tensor> fed(float[] image) {
    return Map.of(TorchGraph.IMAGE, HostArrays.of(image, SHAPE));
  }

  /// Blocks whose colours go with the labels, and noise.
  static float[] image() {
    Random random = new Random(4);
    float[] image = new float[(int) (SHAPE[0] * 3 * SHAPE[2] * SHAPE[3])];
    for (int i = 0; i < image.length; i++) {
      int x = (int) (i % SHAPE[3]);
      int y = (int) (i / SHAPE[3] % SHAPE[2]);
      int channel = (int) (i / (SHAPE[2] * SHAPE[3]) % 3);
      int label = (x / 16 + y / 16) % SmallNet.CLASSES;
      image[i] = (label * 70 + channel * 90) % 256 + 10 * (float) random.nextGaussian();
    }
    return image;
  }

  private static float[] buffer(TorchGraph graph, String name) {
    return graph.parameters().stream()
        .filter(parameter -> parameter.name().equals(name))
        .map(parameter -> HostArrays.floats(parameter.tensor()))
        .findFirst()
        .orElseThrow();
  }
}
