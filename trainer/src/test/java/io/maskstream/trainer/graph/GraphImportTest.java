package io.maskstream.trainer.graph;

import static io.maskstream.trainer.graph.Closeness.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.maskstream.inference.OrtGraphRunner;
import io.maskstream.onnx.OnnxDimension;
import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.onnx.OnnxType;
import io.maskstream.onnx.OnnxValue;
import io.maskstream.release.GraphRunner.Running;
import io.maskstream.release.GraphRunner.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Imported graphs against the files they came from, in ONNX Runtime.
class GraphImportTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "squeezenet1.1_imagenet_fp32_opset7",
        "mobilenet_v2_1.0_imagenet_fp32",
        "light_resnet50",
        "light_squeezenet",
        "deeplab_v3_mnv2_dm05_257_voc",
        "deeplab_mobilenet_edgetpu_slim_cityscapes_513_fp32",
        "road_segmentation_adas_0001"
      })
  void importedGraphsSayTheSameAndHaveTheShapesThatWereInferred(String name) {
    Path file =
        Path.of(System.getProperty("maskstream.shared", "shared"), "models", name + ".onnx");
    assumeTrue(Files.exists(file), () -> "no real material at " + file);
    OnnxModel model = GraphImport.read(file);
    OnnxGraph graph = model.graph();

    assertThat(model.opset()).isGreaterThanOrEqualTo(17);
    assertThat(graph.inputs()).hasSize(1);
    assertThat(graph.nodes())
        .extracting(OnnxNode::operator)
        .doesNotContain("Constant", "ConstantOfShape", "Upsample");
    String output = graph.outputs().getFirst().name();
    OnnxValue input = graph.inputs().getFirst();
    long[] shape = shape(input);
    float[] picture = noise((int) (shape[1] * shape[2] * shape[3]));
    Tensor.Floats expected = run(OnnxModel.read(file), input.name(), picture, shape, output);
    shapesAreThoseOfARun(graph, input.name(), picture, shape, model);

    assertClose(run(model, input.name(), picture, shape, output).values(), expected.values(), 1e-4);
  }

  /// Makes every value an output, some at a time, and compares.
  private static void shapesAreThoseOfARun(
      OnnxGraph graph, String input, float[] picture, long[] shape, OnnxModel model) {
    Shapes shapes = Shapes.of(graph, Map.of(input, shape));
    List<OnnxValue> all = new ArrayList<>();
    for (OnnxNode node : graph.nodes()) {
      boolean integers = shapes.content(node.output()).isPresent();
      all.add(OnnxValue.ofUnknownShape(node.output(), integers ? OnnxType.INT64 : OnnxType.FLOAT));
    }
    for (int from = 0; from < all.size(); from += 50) {
      OnnxModel open = model.copy();
      open.graph().setOutputs(all.subList(from, Math.min(from + 50, all.size())));
      try (Running running = new OrtGraphRunner().open(open.toBytes(), "values")) {
        running
            .run(input, new Tensor.Floats(shape, picture))
            .forEach((name, tensor) -> {
              assertThat(shapes.of(name)).as(name).isEqualTo(tensor.shape());
              if (tensor instanceof Tensor.Longs(long[] _, long[] content)) {
                assertThat(shapes.content(name)).as(name).hasValue(content);
              }
            });
      }
    }
  }

  private static long[] shape(OnnxValue input) {
    long[] shape =
        input.shape().stream().mapToLong(side -> side.isFixed() ? side.size() : 224).toArray();
    shape[0] = 1;
    return shape;
  }

  @Test
  void oldOperatorSetsAndInitializersAmongTheInputsAreBroughtAlong() {
    OnnxModel old = OnnxModel.create("old", 9);
    OnnxGraph graph = old.graph();
    OnnxValue data = floats("data", 1, 3, 8, 8);
    graph.setInputs(data, floats("b", 4), floats("nobody_reads_this", 1));
    graph.add(OnnxTensor.ofVector("w_shape", 4, 3, 3, 3));
    graph.append(
        new OnnxNode("ConstantOfShape", List.of("w_shape"), "w")
            .set("value", OnnxTensor.ofFloats("", new long[] {1}, 0.25f)));
    graph.add(OnnxTensor.ofFloats("b", new long[] {4}, 1, 2, 3, 4));
    graph.append(new OnnxNode("Conv", List.of("data", "w", "b"), "c"));
    graph.append(new OnnxNode("Dropout", List.of("c"), "d").set("ratio", 0.3f));
    graph.append(new OnnxNode("Clip", List.of("d"), "e").set("max", 6f).set("min", 0f));
    graph.add(OnnxTensor.ofFloats("scales", new long[] {4}, 1, 1, 2, 2));
    graph.append(new OnnxNode("Upsample", List.of("e", "scales"), "f").set("mode", "nearest"));
    graph.setOutputs(List.of(OnnxValue.ofUnknownShape("f", OnnxType.FLOAT)));
    float[] picture = noise(3 * 64);
    long[] shape = {1, 3, 8, 8};
    float[] before = run(old, "data", picture, shape, "f").values();

    OnnxModel model = GraphImport.normalise(old, "old.onnx");

    assertThat(model.graph().inputs()).extracting(OnnxValue::name).containsExactly("data");
    assertThat(model.graph().nodes())
        .extracting(OnnxNode::operator)
        .containsExactly("Conv", "Dropout", "Clip", "Resize");
    OnnxNode dropout = model.graph().nodes().get(1);
    assertThat(model.graph().constant(dropout.input(1)).orElseThrow().floats())
        .containsExactly(0.3f);
    assertClose(run(model, "data", picture, shape, "f").values(), before, 1e-5);
    assertThat(old.opset()).as("the given model is left alone").isEqualTo(9);
  }

  @Test
  void weightsThatAreReorderedInTheGraphBecomeInitializers() {
    OnnxModel model = OnnxModel.create("reordered", 17);
    OnnxGraph graph = model.graph();
    graph.setInputs(floats("data", 1, 3, 4, 4));
    float[] weights = noise(2 * 2 * 3 * 5);
    graph.add(OnnxTensor.ofFloats("hwio", new long[] {2, 2, 3, 5}, weights));
    graph.append(
        new OnnxNode("Transpose", List.of("hwio"), "oihw").set("perm", new long[] {3, 2, 0, 1}));
    graph.append(new OnnxNode("Conv", List.of("data", "oihw"), "c"));
    graph.setOutputs(List.of(OnnxValue.ofUnknownShape("c", OnnxType.FLOAT)));

    OnnxTensor folded = GraphImport.normalise(model, "it").graph().constant("oihw").orElseThrow();

    assertThat(folded.shape()).containsExactly(5, 3, 2, 2);
    // o=4, i=2, y=1, x=0 lies at y=1, x=0, i=2, o=4 of the old order.
    assertThat(folded.floats()[((4 * 3 + 2) * 2 + 1) * 2])
        .isEqualTo(weights[((1 * 2 + 0) * 3 + 2) * 5 + 4]);
  }

  @Test
  void aTruncatedFileIsNamed(@TempDir Path folder) throws IOException {
    byte[] whole = GraphImport.normalise(tiny(), "it").toBytes();
    Path file = folder.resolve("cut.onnx");
    Files.write(file, Arrays.copyOf(whole, whole.length - 20));

    assertThatThrownBy(() -> GraphImport.read(file))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("cut.onnx is cut off after")
        .hasMessageContaining("fetch it again");
  }

  @ParameterizedTest
  @ValueSource(strings = {"QLinearConv", "ConvInteger", "DequantizeLinear"})
  void aQuantizedGraphIsRefusedByItsNode(String operator) {
    OnnxModel model = tiny();
    model
        .graph()
        .insertBefore(
            model.graph().nodes().getFirst(), new OnnxNode(operator, List.of("data"), "q"));
    model.graph().nodes().getLast().setInputs(List.of("q"));

    assertThatThrownBy(() -> GraphImport.normalise(model, "quant.onnx"))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("quant.onnx")
        .hasMessageContaining(operator + "(data) -> q")
        .hasMessageContaining("float32 model");
  }

  @Test
  void anUnknownOperatorIsNamed() {
    OnnxModel model = tiny();
    model.graph().nodes().getLast().setOperator("Relux");

    assertThatThrownBy(() -> Shapes.of(model.graph(), Map.of("data", new long[] {1, 3, 4, 4})))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("operator Relux")
        .hasMessageContaining("Relux(data) -> out");
  }

  @Test
  void aMissingInitializerIsNamed() {
    OnnxModel model = tiny();
    model.graph().nodes().getLast().setOperator("Conv");
    model.graph().nodes().getLast().setInputs(List.of("data", "lost"));

    assertThatThrownBy(() -> GraphImport.normalise(model, "lost.onnx"))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("lost.onnx")
        .hasMessageContaining("[lost]")
        .hasMessageContaining("Conv(data, lost) -> out");
  }

  @Test
  void aTensorWithTooFewNumbersIsNamed() {
    OnnxModel model = tiny();
    OnnxNode conv = model.graph().nodes().getLast();
    conv.setOperator("Conv");
    conv.setInputs(
        List.of(
            "data",
            model.graph().add(OnnxTensor.ofFloats("w", new long[] {4, 5, 1, 1}, noise(20)))));

    assertThatThrownBy(() -> Shapes.of(model.graph(), Map.of("data", new long[] {1, 3, 4, 4})))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("w[4, 5, 1, 1]")
        .hasMessageContaining("Conv(data, w) -> out");
  }

  private static OnnxModel tiny() {
    OnnxModel model = OnnxModel.create("tiny", 17);
    model.graph().setInputs(floats("data", 1, 3, 4, 4));
    model.graph().append(new OnnxNode("Relu", List.of("data"), "out"));
    model.graph().setOutputs(List.of(OnnxValue.ofUnknownShape("out", OnnxType.FLOAT)));
    return model;
  }

  private static OnnxValue floats(String name, long... shape) {
    return new OnnxValue(
        name, OnnxType.FLOAT, Arrays.stream(shape).mapToObj(OnnxDimension::fixed).toList());
  }

  private static float[] noise(int size) {
    Random random = new Random(2);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static Tensor.Floats run(
      OnnxModel model, String input, float[] values, long[] shape, String output) {
    try (Running running = new OrtGraphRunner().open(model.toBytes(), model.graph().name())) {
      return (Tensor.Floats) running.run(input, new Tensor.Floats(shape, values)).get(output);
    }
  }
}
