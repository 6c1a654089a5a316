package io.maskstream.trainer.net;

import static io.maskstream.trainer.graph.Closeness.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maskstream.inference.OrtGraphRunner;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.onnx.OnnxType;
import io.maskstream.onnx.OnnxValue;
import io.maskstream.release.GraphRunner.Running;
import io.maskstream.release.GraphRunner.Tensor;
import io.maskstream.trainer.graph.DrawnScores;
import io.maskstream.trainer.graph.Trainable;
import io.maskstream.trainer.surgery.LateFusion;
import io.maskstream.trainer.surgery.NamedLayers;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Networks that begin with the weights of another stage, as the FCN papers train them.
class StagesTest {

  private static final int CLASSES = 4;
  private static final int SIDE = 97;
  private static final Wish THIN = Wish.of(CLASSES).thinned(16);

  /// The formula: scores of stride 32 (or 16, as far as they are fused), twice as fine by 4 x 4
  /// bilinear weights, since the new skip says zero; then so many times as fine as is left, less
  /// the pixels before the picture.
  @ParameterizedTest
  @CsvSource({
    "fcn32s-vgg16, fcn16s-vgg16, score, 4, 2, 32, 16, 27",
    "fcn16s-vgg16, fcn8s-vgg16, fuse16, 4, 2, 16, 8, 31",
    "siftflow-fcn16s, siftflow-fcn8s, fuse16, 4, 2, 16, 8, 31",
    "fcn32s-alexnet, fcn16s-alexnet, score, 3, 2, 31, 16, 18",
  })
  void aNewSkipSaysNothingYet(
      String from, String to, String coarse, int k1, int s1, int k2, int s2, int crop) {
    OnnxModel trained = other(from);
    NamedLayers begun = NamedLayers.transplant(Networks.named(to).build(THIN), trained, "");
    assertThat(begun.fresh()).allMatch(name -> name.startsWith(Trainable.SCORE) || up(name));
    assertThat(begun.dropped()).allMatch(StagesTest::up);

    Tensor.Floats scores = run(trained, coarse, 3);
    Grid grid = new Grid(scores.values(), CLASSES, (int) scores.shape()[2]);
    float[] expected = grid.finer(k1, s1).finer(k2, s2).from(crop, SIDE);
    Tensor.Floats logits = run(begun.model(), Trainable.LOGITS, 3);
    assertThat(Math.abs(expected[0]) + Math.abs(expected[expected.length - 1])).isPositive();
    assertClose(logits.values(), expected, 1e-5);
  }

  /// Square maps of classes, upscored as the papers' transposed convolutions do it: every cell adds
  /// its value times a tent, written by hand.
  private record Grid(float[] values, int classes, int side) {

    Grid finer(int kernel, int stride) {
      int fine = (side - 1) * stride + kernel;
      double centre = (kernel - 1) / 2.0;
      int reach = (kernel + 1) / 2;
      float[] finer = new float[classes * fine * fine];
      for (int i = 0; i < values.length; i++) {
        int y = i / side % side * stride;
        int x = i % side * stride;
        for (int tap = 0; tap < kernel * kernel; tap++) {
          int down = tap / kernel;
          int across = tap % kernel;
          double tent =
              (1 - Math.abs(down - centre) / reach) * (1 - Math.abs(across - centre) / reach);
          finer[(i / (side * side) * fine + y + down) * fine + x + across] +=
              (float) (tent * values[i]);
        }
      }
      return new Grid(finer, classes, fine);
    }

    float[] from(int start, int kept) {
      float[] cut = new float[classes * kept * kept];
      for (int i = 0; i < cut.length; i++) {
        int row = start + i / kept % kept;
        cut[i] = values[(i / (kept * kept) * side + row) * side + start + i % kept];
      }
      return cut;
    }
  }

  @Test
  void twoStreamsBeginAsTwoTrainedNetworks() {
    OnnxModel colour = other("nyud-fcn32s-color");
    OnnxModel hha = other("nyud-fcn32s-hha");
    OnnxModel built = Networks.named("nyud-fcn32s-color-hha").build(THIN);
    NamedLayers first = NamedLayers.transplant(built, colour, "");
    OnnxModel begun = NamedLayers.transplant(first.model(), hha, LateFusion.SUFFIX).model();
    assertClose(
        run(begun, Trainable.LOGITS, 6).values(),
        run(LateFusion.of(colour, hha), Trainable.LOGITS, 6).values(),
        1e-6);
    assertThat(numbers(begun, "conv3_1.weight")).isEqualTo(numbers(colour, "conv3_1.weight"));
    assertThat(numbers(begun, "conv3_1.weight_hha")).isEqualTo(numbers(hha, "conv3_1.weight"));
  }

  /// A classifier's file has names of its own.
  @Test
  void otherNamesAreMatchedInTheOrderOfThePicturesWay() {
    OnnxModel trained = other("fcn16s-googlenet");
    OnnxModel network = Networks.named("fcn8s-googlenet").build(THIN);
    OnnxModel expected = NamedLayers.transplant(network, trained, "").model();
    for (OnnxTensor tensor : List.copyOf(trained.graph().initializers())) {
      if (!tensor.name().contains(Trainable.SCORE)) {
        trained.graph().rename(tensor.name(), "file/" + tensor.name());
      }
    }
    NamedLayers begun = NamedLayers.transplant(network, trained, "");
    assertThat(begun.model().toBytes()).isEqualTo(expected.toBytes());
    assertThat(begun.fresh())
        .containsExactlyInAnyOrder(
            "score8.weight", "score8.bias", "upscore8.weight", "upscore.weight");
  }

  @Test
  void otherClassesBeginFromZeroAndAnotherTrunkIsRefused() {
    OnnxModel trained = other("fcn32s-vgg16");
    OnnxModel wider = Networks.named("pascalcontext-fcn32s").build(Wish.of(60).thinned(16));
    assertThat(NamedLayers.transplant(wider, trained, "").fresh())
        .containsExactly("score.weight", "score.bias", "upscore.weight");
    assertThatThrownBy(
            () -> NamedLayers.transplant(Networks.named("fcn16s-alexnet").build(THIN), trained, ""))
        .hasMessageContaining("the trained graph")
        .hasMessageContaining("take one");
  }

  private static boolean up(String parameter) {
    return parameter.startsWith(Trainable.UPSCORE);
  }

  /// A network that has learnt something: every weight is another one.
  private static OnnxModel other(String name) {
    OnnxModel model = DrawnScores.in(Networks.named(name).build(THIN));
    for (OnnxTensor tensor : List.copyOf(model.graph().initializers())) {
      if (tensor.name().startsWith("conv") && tensor.shape().length == 4) {
        Random random = new Random(name.hashCode() + tensor.name().hashCode());
        double deviation = Math.sqrt(2.0 * tensor.shape()[0] / tensor.size());
        float[] values = new float[(int) tensor.size()];
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) (deviation * random.nextGaussian());
        }
        model.graph().add(OnnxTensor.ofFloats(tensor.name(), tensor.shape(), values));
      }
    }
    return model;
  }

  private static float[] numbers(OnnxModel model, String name) {
    return model.graph().constant(name).orElseThrow().floats();
  }

  private static Tensor.Floats run(OnnxModel given, String value, int planes) {
    OnnxModel model = given.copy();
    model.graph().setOutputs(List.of(OnnxValue.ofUnknownShape(value, OnnxType.FLOAT)));
    Random random = new Random(8);
    float[] pixels = new float[planes * SIDE * SIDE];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextInt(256);
    }
    try (Running running = new OrtGraphRunner().open(model.toBytes(), value)) {
      Tensor.Floats picture = new Tensor.Floats(new long[] {1, planes, SIDE, SIDE}, pixels);
      return (Tensor.Floats) running.run(Trainable.IMAGE, picture).get(value);
    }
  }
}
