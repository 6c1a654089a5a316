package io.maskstream.trainer.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.inference.OrtGraphRunner;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxValue;
import io.maskstream.release.GraphRunner.Running;
import io.maskstream.release.GraphRunner.Tensor;
import io.maskstream.trainer.graph.Shapes;
import io.maskstream.trainer.graph.Trainable;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every output of every network has the size of its picture.
class NetworkSizesTest {

  private static final int THINNING = 16;

  @TestFactory
  Stream<DynamicTest> shapesSayTheSizeOfThePictureOf() {
    return Networks.all().stream()
        .map(network -> DynamicTest.dynamicTest(network.name(), () -> follows(network)));
  }

  private static void follows(Network network) {
    OnnxModel model = network.build(network.classes());
    for (int side = 33; side <= 200; side++) {
      infer(model, side, 33 + (side * 7) % 168);
    }
    infer(model, 375, 500);
    infer(model, 500, 375);
    infer(model, 500, 500);
    infer(model, 512, 1024);
    infer(model, 769, 769);
  }

  private static void infer(OnnxModel model, int height, int width) {
    long planes = model.graph().inputs().getFirst().shape().get(1).size();
    long[] picture = {2, planes, height, width};
    Shapes shapes = Shapes.of(model.graph(), Map.of(Trainable.IMAGE, picture));
    for (OnnxValue output : model.graph().outputs()) {
      assertThat(shapes.of(output.name()))
          .containsExactly(2, output.shape().get(1).size(), height, width);
    }
  }

  /// What is cut off where, in truth.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "fcn8s-alexnet", "fcn8s-vgg16", "fcn8s-vgg16-tight", "fcn-pool3-vgg16",
        "fcn8s-googlenet", "siftflow-fcn16s", "nyud-fcn16s-color-hha", "nyud-fcn32s-color-d",
        "fcn_r18-d8", "fcn-d6_r50-d16", "pspnet_r18-d8", "deeplabv3_r18-d8",
        "semseg-pspnet50", "deeplabv3-resnet50-os16"
      })
  void onnxRuntimeGivesTheSizeOfThePictureFor(String name) {
    Network network = Networks.named(name);
    OnnxModel model = network.build(Wish.of(5).thinned(THINNING));
    int planes = (int) model.graph().inputs().getFirst().shape().get(1).size();
    try (Running running = new OrtGraphRunner().open(model.toBytes(), name)) {
      for (int[] sides : new int[][] {{33, 47}, {64, 64}, {97, 65}, {131, 200}}) {
        long[] shape = {1, planes, sides[0], sides[1]};
        float[] pixels = new float[planes * sides[0] * sides[1]];
        Map<String, Tensor> outputs =
            running.run(Trainable.IMAGE, new Tensor.Floats(shape, pixels));
        for (OnnxValue output : model.graph().outputs()) {
          Tensor.Floats scores = (Tensor.Floats) outputs.get(output.name());
          assertThat(scores.shape())
              .containsExactly(1, output.shape().get(1).size(), sides[0], sides[1]);
          assertThat(scores.values()).doesNotContain(Float.NaN);
        }
      }
    }
  }
}
