package io.maskstream.trainer.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.camera.Scene.Look;
import io.maskstream.inference.OrtGraphRunner;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.painting.RgbPicture;
import io.maskstream.release.GraphRunner;
import io.maskstream.trainer.data.Scenes;
import io.maskstream.trainer.graph.DrawnScores;
import io.maskstream.trainer.net.Corners;
import io.maskstream.trainer.net.Network;
import io.maskstream.trainer.net.Networks;
import io.maskstream.trainer.net.Wish;
import java.util.Map;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Every network with a builder, at a sixteenth of its width, in libtorch and in ONNX Runtime on a
/// picture of a street.
class NetworkParityTest {

  private static final int CLASSES = 7;
  private static final int HEIGHT = 67;
  private static final int WIDTH = 83;

  /// Greatest difference as a share of the scores' range.
  private static final double TOLERANCE = 1e-4;

  private static final RgbPicture STREET =
      Scenes.of(5, 1, WIDTH, HEIGHT, Look.VARIED).read(0).picture();

  private long same;
  private long pixels;

  /// Two threads would wait for each other awake, and beside other programs for long.
  @BeforeAll
  static void onOneThread() {
    TorchGraph.useThreads(1);
  }

  @TestFactory
  Stream<DynamicTest> libtorchAgreesWithOnnxRuntimeOn() {
    Stream<DynamicTest> all =
        Networks.all().stream()
            .map(network ->
                DynamicTest.dynamicTest(
                    network.name(), () -> compare(network, Corners.BETWEEN_PIXELS)));
    Stream<DynamicTest> aligned =
        Stream.of("fcn_r18-d8", "pspnet_r18-d8", "deeplabv3_r18-d8")
            .map(name ->
                DynamicTest.dynamicTest(
                    name + ", corners aligned",
                    () -> compare(Networks.named(name), Corners.ON_PIXELS)));
    // Random weights leave some scores all but equal, so this is asked of all pictures together.
    DynamicTest classes =
        DynamicTest.dynamicTest(
            "the class of 99.99 % of all pixels",
            () -> assertThat(same / (double) pixels).isGreaterThanOrEqualTo(0.9999));
    return Stream.of(all, aligned, Stream.of(classes)).flatMap(tests -> tests);
  }

  private void compare(Network network, Corners corners) {
    OnnxModel model = DrawnScores.in(network.build(Wish.of(CLASSES).with(corners).thinned(16)));
    int planes = (int) model.graph().inputs().getFirst().shape().get(1).size();
    long[] shape = {1, planes, HEIGHT, WIDTH};
    float[] picture = pixels(planes);
    Map<String, GraphRunner.Tensor> expected;
    try (GraphRunner.Running running = new OrtGraphRunner().open(model.toBytes(), network.name())) {
      expected = running.run(TorchGraph.IMAGE, new GraphRunner.Tensor.Floats(shape, picture));
    }
    try (TorchGraph graph = TorchGraph.load(model, Placement.cpu());
        PointerScope scope = new PointerScope()) {
      Map<String, Tensor> fed = Map.of(TorchGraph.IMAGE, HostArrays.of(picture, shape));
      Map<String, Tensor> got = graph.forward(fed, Mode.EVALUATION, graph.outputs());
      assertThat(got.keySet()).isEqualTo(expected.keySet());
      got.forEach((name, scores) -> agree(scores, (GraphRunner.Tensor.Floats) expected.get(name)));
    }
  }

  private void agree(Tensor scores, GraphRunner.Tensor.Floats expected) {
    assertThat(scores.shape()).containsExactly(expected.shape());
    double[] got = HostArrays.numbers(scores);
    float[] wanted = expected.values();
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    double difference = 0;
    for (int i = 0; i < got.length; i++) {
      low = Math.min(low, wanted[i]);
      high = Math.max(high, wanted[i]);
      difference = Math.max(difference, Math.abs(got[i] - wanted[i]));
    }
    assertThat(high).as("the network says something").isGreaterThan(low);
    assertThat(difference / (high - low)).isLessThanOrEqualTo(TOLERANCE);
    int plane = HEIGHT * WIDTH;
    for (int pixel = 0; pixel < plane; pixel++) {
      int ours = 0;
      int theirs = 0;
      for (int k = 1; k < got.length / plane; k++) {
        ours = got[k * plane + pixel] > got[ours * plane + pixel] ? k : ours;
        theirs = wanted[k * plane + pixel] > wanted[theirs * plane + pixel] ? k : theirs;
      }
      same += ours == theirs ? 1 : 0;
    }
    pixels += plane;
  }

  /// The colours, then as many of them again as the network has further planes.
  private static float[] pixels(int planes) {
    float[] pixels = new float[planes * HEIGHT * WIDTH];
    byte[] rgb = STREET.rgb();
    for (int i = 0; i < pixels.length; i++) {
      int plane = i / (HEIGHT * WIDTH);
      pixels[i] = rgb[3 * (i % (HEIGHT * WIDTH)) + plane % 3] & 0xff;
    }
    return pixels;
  }
}
