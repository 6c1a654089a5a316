package io.maskstream.trainer.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.maskstream.inference.OrtGraphRunner;
import io.maskstream.onnx.OnnxDimension;
import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxType;
import io.maskstream.onnx.OnnxValue;
import io.maskstream.release.GraphRunner;
import io.maskstream.trainer.graph.GraphImport;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Real graphs on a real picture: libtorch runs what was imported, ONNX Runtime runs the file as it
/// came.
class GraphParityTest {

  private static final Path SHARED = Path.of(System.getProperty("maskstream.shared", "shared"));

  /// Greatest difference as a share of the output's range.
  private static final double TOLERANCE = 1e-4;

  @TestFactory
  Stream<DynamicTest> libtorchAgreesWithOnnxRuntimeOn() throws IOException {
    assumeTrue(Files.isDirectory(SHARED.resolve("models")), "no shared models here");
    try (Stream<Path> files = Files.list(SHARED.resolve("models"))) {
      List<Path> graphs = files.filter(file -> file.toString().endsWith(".onnx")).sorted().toList();
      return graphs.stream()
          .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> compare(file)));
    }
  }

  private static void compare(Path file) throws IOException {
    OnnxModel given = OnnxModel.read(file);
    List<OnnxValue> logits = beforeSoftmax(given.graph());
    given.graph().setOutputs(logits);
    OnnxValue input = given.graph().inputs().getFirst();
    long[] shape = shape(input.shape());
    float[] pixels = pixels(shape);
    Map<String, GraphRunner.Tensor> expected;
    try (GraphRunner.Running running =
        new OrtGraphRunner().open(given.toBytes(), file.toString())) {
      expected = running.run(input.name(), new GraphRunner.Tensor.Floats(shape, pixels));
    }
    OnnxModel imported = GraphImport.read(file);
    imported.graph().setOutputs(logits);
    try (TorchGraph graph = TorchGraph.load(imported, Placement.cpu());
        PointerScope scope = new PointerScope()) {
      Map<String, Tensor> fed = Map.of(input.name(), HostArrays.of(pixels, shape));
      Map<String, Tensor> got = graph.forward(fed, Mode.EVALUATION, graph.outputs());
      assertThat(got.keySet()).isEqualTo(expected.keySet());
      got.forEach((name, tensor) -> agree(tensor, expected.get(name)));
    }
  }

  /// Logits are compared: where filler weights make them large and almost equal, softmax would only
  /// show their rounding.
  private static List<OnnxValue> beforeSoftmax(OnnxGraph graph) {
    List<OnnxValue> outputs = new ArrayList<>();
    for (OnnxValue output : graph.outputs()) {
      String name =
          graph
              .producer(output.name())
              .filter(node -> node.operator().equals("Softmax"))
              .map(node -> node.input(0))
              .orElse(output.name());
      outputs.add(OnnxValue.ofUnknownShape(name, OnnxType.FLOAT));
    }
    return outputs;
  }

  private static void agree(Tensor tensor, GraphRunner.Tensor expected) {
    assertThat(tensor.shape()).containsExactly(expected.shape());
    double[] numbers = OperatorTest.numbers(expected);
    double[] got = HostArrays.numbers(tensor);
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    double difference = 0;
    for (int i = 0; i < got.length; i++) {
      low = Math.min(low, numbers[i]);
      high = Math.max(high, numbers[i]);
      difference = Math.max(difference, Math.abs(got[i] - numbers[i]));
    }
    // Filler weights make every output the same: then the output itself is the measure.
    double size = Math.max(Math.abs(low), Math.abs(high));
    double range = high - low > 1e-3 * size ? high - low : size;
    assertThat(difference / range)
        .as("greatest difference %s over the range %s to %s", difference, low, high)
        .isLessThanOrEqualTo(TOLERANCE);
  }

  private static long[] shape(List<OnnxDimension> declared) {
    long[] shape = new long[declared.size()];
    for (int i = 0; i < shape.length; i++) {
      OnnxDimension dimension = declared.get(i);
      shape[i] = dimension.isFixed() ? dimension.size() : i == 0 ? 1 : i == 2 ? 235 : 301;
    }
    return shape;
  }

  /// A street of CamVid, its nearest pixels, about -1 to 1, in the order of the shape.
  private static float[] pixels(long[] shape) throws IOException {
    BufferedImage picture;
    try (Stream<Path> files = Files.list(SHARED.resolve("camvid/val"))) {
      picture = ImageIO.read(files.sorted().findFirst().orElseThrow().toFile());
    }
    boolean channelsLast = shape[3] == 3;
    int height = (int) shape[channelsLast ? 1 : 2];
    int width = (int) shape[channelsLast ? 2 : 3];
    float[] pixels = new float[3 * height * width];
    for (int i = 0; i < pixels.length; i++) {
      int channel = channelsLast ? i % 3 : i / (height * width);
      int cell = channelsLast ? i / 3 : i % (height * width);
      int rgb =
          picture.getRGB(
              cell % width * picture.getWidth() / width,
              cell / width * picture.getHeight() / height);
      pixels[i] = (rgb >> (16 - 8 * channel) & 0xff) / 127.5f - 1;
    }
    return pixels;
  }
}
