package io.maskstream.trainer.surgery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.onnx.OnnxType;
import io.maskstream.onnx.OnnxValue;
import io.maskstream.release.GraphRunner.Tensor;
import io.maskstream.release.PackagingOptions.Channels;
import io.maskstream.release.PackagingOptions.Normalisation;
import io.maskstream.trainer.surgery.FcnOptions.Tap;
import io.maskstream.trainer.surgery.FcnOptions.Upscore;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Where scores lie in the picture: against the figures of the papers' nets, and against a picture
/// whose every pixel says where it is.
class FcnGeometryTest {

  private static final FcnOptions RAW =
      FcnOptions.of(2, 8).with(Normalisation.of(0, 1), Channels.RGB);

  @Test
  void fcnVgg16CropsWhereThePapersNetsCrop() {
    OnnxModel vgg = vgg16(true);

    assertThat(crops(Fcn.of(vgg, paper(32)))).isEqualTo(Map.of("cropped", 19L));
    assertThat(crops(Fcn.of(vgg, paper(16)))).isEqualTo(Map.of("score16_crop", 5L, "cropped", 27L));
    assertThat(crops(Fcn.of(vgg, paper(8))))
        .isEqualTo(Map.of("score16_crop", 5L, "score8_crop", 9L, "cropped", 31L));
  }

  @Test
  void vgg16WithPoolsThatLeaveARestOutIsPaddedBehindThePictureOnly() {
    OnnxModel fcn = Fcn.of(vgg16(false), paper(8));

    assertThat(crops(fcn)).isEqualTo(Map.of("score16_crop", 5L, "score8_crop", 9L, "cropped", 31L));
    for (int size : new int[] {64, 65, 95, 129, 255}) {
      assertThat(Nets.run(fcn, "image", new float[3 * size * 70], 1, 3, size, 70).shape())
          .containsExactly(1, 21, size, 70);
    }
  }

  @Test
  void fcnVgg16HasThePapersKernelsAndSizes() {
    OnnxModel fcn = Fcn.of(vgg16(true), paper(8));
    OnnxGraph graph = fcn.graph();

    assertThat(graph.constant("upscore16.weight").orElseThrow().shape())
        .containsExactly(21, 1, 4, 4);
    assertThat(graph.constant("upscore8.weight").orElseThrow().shape())
        .containsExactly(21, 1, 4, 4);
    assertThat(graph.constant("upscore.weight").orElseThrow().shape())
        .containsExactly(21, 1, 16, 16);
    assertThat(graph.nodes().stream().filter(node -> node.operator().equals("Conv")).findFirst())
        .hasValueSatisfying(first ->
            assertThat(first.integers("pads").orElseThrow()).containsExactly(100, 100, 100, 100));
    // 500 x 500 gives 22 x 22 after pool5 and 16 x 16 scores (architectures of the papers).
    graph.setOutputs(List.of(OnnxValue.ofUnknownShape("score", OnnxType.FLOAT)));
    Tensor.Floats score = Nets.run(fcn, "image", new float[3 * 500 * 500], 1, 3, 500, 500);
    assertThat(score.shape()).containsExactly(1, 21, 16, 16);
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4, 15, 16, 31, 32, 63, 64})
  void bilinearWeightsAreThoseOfTheReferenceNets(int size) {
    // surgery.py, upsample_filt
    int factor = Math.floorDiv(size + 1, 2);
    double center = size % 2 == 1 ? factor - 1 : factor - 0.5;
    float[] weights = Bilinear.kernel(size, size);
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        double expected = (1 - Math.abs(y - center) / factor) * (1 - Math.abs(x - center) / factor);
        assertThat((double) weights[y * size + x]).isEqualTo(expected, within(1e-6));
      }
    }
  }

  @Test
  void scoresStartFromZeroAndSkipsAreScaled() {
    OnnxModel fcn = Fcn.of(vgg16(true), paper(8).withSkipScales(Map.of(16, 0.01f, 8, 0.0001f)));
    OnnxGraph graph = fcn.graph();

    for (String score : List.of("score", "score16", "score8")) {
      assertThat(graph.constant(score + ".weight").orElseThrow().floats()).containsOnly(0);
      assertThat(graph.constant(score + ".bias").orElseThrow().floats()).containsOnly(0);
    }
    assertThat(graph.constant("score16_scale").orElseThrow().floats()).containsExactly(0.01f);
    assertThat(graph.constant("score8_scale").orElseThrow().floats()).containsExactly(0.0001f);
  }

  @ParameterizedTest
  @ValueSource(strings = {"unpadded", "asymmetric", "symmetric", "halves", "mixed"})
  void everyPixelIsScoredByTheCellsThatLieOnIt(String net) {
    for (Upscore upscore : Upscore.values()) {
      for (int stride : new int[] {4, 8, 16}) {
        FcnOptions options =
            new FcnOptions(
                2,
                stride,
                RAW.normalisation(),
                Channels.RGB,
                upscore,
                FcnOptions.Tail.KEPT,
                Tap.LAST,
                RAW.pad(),
                RAW.window(),
                Map.of(),
                RAW.nativeSize(),
                RAW.variant());
        tellsPlaces(Fcn.of(averaging(net), options), net + " " + upscore + " " + stride, 0.01f);
      }
    }
  }

  /// The sum of a strided convolution and a pooled shortcut lies between them, while scores are
  /// fused cell on cell or half a cell off: at most a quarter remains. The sides are odd, where the
  /// two differ by a cell.
  @ParameterizedTest
  @CsvSource({"16, 0.5", "8, 1", "4, 1"})
  void whatLiesHalfACellApartIsScoredWithinAQuarterOfACell(int stride, float most) {
    OnnxModel fcn =
        Fcn.of(
            averaging("beside"),
            FcnOptions.of(2, stride).with(Normalisation.of(0, 1), Channels.RGB));
    tellsPlaces(fcn, "beside " + stride, most);
  }

  /// The network only averages, and its scores only copy; so on a picture whose pixels hold their
  /// own row and column, scores that lie right say row and column again.
  private static void tellsPlaces(OnnxModel fcn, String what, float most) {
    int scores = 0;
    for (OnnxTensor tensor : List.copyOf(fcn.graph().initializers())) {
      if (tensor.name().startsWith("score") && tensor.name().endsWith(".weight")) {
        fcn.graph().add(OnnxTensor.ofFloats(tensor.name(), tensor.shape(), 1, 0, 0, 0, 1, 0));
        scores++;
      }
    }
    int height = 203;
    int width = 231;
    float[] planes = new float[3 * height * width];
    for (int i = 0; i < height * width; i++) {
      planes[i] = i / width;
      planes[height * width + i] = i % width;
    }
    Tensor.Floats logits = Nets.run(fcn, "image", planes, 1, 3, height, width);

    assertThat(logits.shape()).as(what).containsExactly(1, 2, height, width);
    int border = 80;
    for (int y = border; y < height - border; y++) {
      for (int x = border; x < width - border; x++) {
        int i = y * width + x;
        assertThat(logits.values()[i] / scores).as(what).isCloseTo(y, within(most));
        assertThat(logits.values()[height * width + i] / scores)
            .as(what)
            .isCloseTo(x, within(most));
      }
    }
  }

  /// Averages down to stride 16, three channels kept apart.
  private static OnnxModel averaging(String net) {
    Nets layers = Nets.of("N", 3, "H", "W");
    switch (net) {
      case "unpadded" ->
          layers
              .conv(3, 3, 2, mean(3), 0)
              .pool("AveragePool", 3, 2)
              .conv(3, 1, 1, mean(1), 0)
              .pool("AveragePool", 3, 2)
              .pool("AveragePool", 3, 2);
      case "asymmetric" -> {
        for (int i = 0; i < 4; i++) {
          layers.conv(3, 3, 2, mean(3), 0, 0, 1, 1);
        }
      }
      case "symmetric" ->
          layers
              .conv(3, 7, 2, mean(7), 3)
              .conv(3, 3, 2, mean(3), 1)
              .conv(3, 3, 2, mean(3), 1)
              .conv(3, 3, 1, mean(3), 1)
              .conv(3, 3, 2, mean(3), 1);
      case "halves" -> {
        for (int i = 0; i < 4; i++) {
          layers.conv(3, 3, 1, mean(3), 1).pool("AveragePool", 2, 2);
        }
      }
      case "mixed" ->
          layers
              .conv(3, 3, 2, mean(3), 1)
              .pool("AveragePool", 2, 2)
              .conv(3, 5, 2, mean(5), 0)
              .conv(3, 3, 2, mean(3), 0, 0, 1, 1);
      case "beside" -> {
        for (int i = 0; i < 4; i++) {
          String from = layers.value();
          String strided = layers.conv(3, 3, 2, mean(3), 1).value();
          layers.at(from, 3).pool("AveragePool", 2, 2).node("Mean", strided);
        }
      }
      default -> throw new IllegalArgumentException(net);
    }
    layers.node("GlobalAveragePool").conv(7, 1, 1, 0).flatten().node("Softmax");
    return layers.model();
  }

  private static float[] mean(int kernel) {
    float[] weights = new float[9 * kernel * kernel];
    for (int channel = 0; channel < 3; channel++) {
      int from = (3 * channel + channel) * kernel * kernel;
      Arrays.fill(weights, from, from + kernel * kernel, 1f / (kernel * kernel));
    }
    return weights;
  }

  private static FcnOptions paper(int stride) {
    return FcnOptions.of(21, stride)
        .with(Normalisation.of(0, 1), Channels.BGR)
        .with(Tap.FIRST)
        .withPad(100);
  }

  /// VGG16 (Simonyan & Zisserman 2014, configuration D) at a sixteenth of its width.
  ///
  /// @param ceil whether pools count a last window that reaches over the end, as Caffe's do
  private static OnnxModel vgg16(boolean ceil) {
    Nets layers = Nets.of(1, 3, 224, 224);
    int[] widths = {4, 8, 16, 32, 32};
    for (int stage = 0; stage < 5; stage++) {
      for (int i = 0; i < (stage < 2 ? 2 : 3); i++) {
        layers.conv(widths[stage], 3, 1, 1).relu();
      }
      layers.pool("MaxPool", 2, 2);
      layers.graph().producer(layers.value()).orElseThrow().set("ceil_mode", ceil ? 1 : 0);
    }
    layers.flatten().gemm(32 * 49, 64, true).relu().node("Dropout");
    layers.gemm(64, 64, true).relu().node("Dropout").gemm(64, 10, true).node("Softmax");
    return layers.model();
  }

  /// Where each cropped value begins, top and left being the same.
  private static Map<String, Long> crops(OnnxModel fcn) {
    Map<String, Long> crops = new HashMap<>();
    for (OnnxNode node : fcn.graph().nodes()) {
      if (node.operator().equals("Slice") && node.inputs().size() == 4) {
        long[] start = fcn.graph().constant(node.input(1)).orElseThrow().longs();
        assertThat(start[0]).isEqualTo(start[1]);
        crops.put(node.output(), start[0]);
      }
    }
    return crops;
  }
}
