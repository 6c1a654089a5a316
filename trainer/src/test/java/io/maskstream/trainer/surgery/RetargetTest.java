package io.maskstream.trainer.surgery;

import static io.maskstream.trainer.graph.Closeness.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.release.GraphRunner.Tensor;
import io.maskstream.release.PackagingOptions.Channels;
import io.maskstream.release.PackagingOptions.Normalisation;
import io.maskstream.release.Palette;
import io.maskstream.trainer.graph.GraphException;
import io.maskstream.trainer.surgery.RetargetOptions.Sizes;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// A segmentation network with other classes against the one it came from, in ONNX Runtime.
class RetargetTest {

  @ParameterizedTest
  @CsvSource({
    "deeplab_mobilenet_edgetpu_slim_cityscapes_513_fp32, 19, 513, 513, false, false",
    "deeplab_v3_mnv2_dm05_257_voc, 21, 257, 257, true, false",
    "road_segmentation_adas_0001, 4, 512, 896, true, true"
  })
  void realNetworksSayTheSameAtTheirOwnSizeAndTakeAnyOther(
      String name, int classes, int height, int width, boolean channelsLast, boolean softmax) {
    OnnxModel network = OnnxModel.read(Shared.model(name));
    float[] picture = Shared.street(height, width);
    Tensor.Floats own = own(network, picture, height, width, channelsLast);
    RetargetOptions options = options(classes).with(same(classes));

    OnnxModel free = Retarget.of(network, options);
    float[] logits = Nets.run(free, "image", picture, 1, 3, height, width).values();

    float[] expected = channelsLast ? planes(own.values(), classes) : own.values();
    if (softmax) {
      logits = softmax(logits, classes);
    }
    float most = 0;
    float range = 1;
    for (int i = 0; i < expected.length; i++) {
      most = Math.max(most, Math.abs(expected[i] - logits[i]));
      range = Math.max(range, Math.abs(expected[i]));
    }
    assertThat(most).isLessThan(1e-4f * range);
    assertThat(Nets.run(free, "image", Shared.street(2 * 97, 131), 2, 3, 97, 131).shape())
        .containsExactly(2, classes, 97, 131);
  }

  @ParameterizedTest
  @EnumSource(Sizes.class)
  void aNetworkOfOneSizeTakesBatchesOfAny(Sizes sizes) {
    OnnxModel network = deeplab();
    OnnxModel free = Retarget.of(network, options(4).with(same(4)).with(sizes));

    float[] picture = Nets.of(1).noise(3 * 65 * 65, 50);
    assertClose(
        Nets.run(free, "image", picture, 1, 3, 65, 65).values(),
        own(network, picture, 65, 65, false).values(),
        1e-4);
    assertThat(Nets.run(free, "image", new float[2 * 3 * 90 * 130], 2, 3, 90, 130).shape())
        .containsExactly(2, 4, 90, 130);
  }

  @Test
  void newClassesStartFromTheMeanOfOldOnes() {
    OnnxModel network = deeplab();
    float[] picture = Nets.of(1).noise(3 * 65 * 65, 50);
    float[] old = own(network, picture, 65, 65, false).values();
    ClassMapping mapping = new ClassMapping(List.of(List.of(2), List.of(), List.of(0, 3)));

    float[] logits =
        Nets.run(Retarget.of(network, options(3).with(mapping)), "image", picture, 1, 3, 65, 65)
            .values();

    int plane = 65 * 65;
    for (int i = 0; i < plane; i += 7) {
      assertThat(logits[i]).isCloseTo(old[2 * plane + i], within(1e-4f));
      assertThat(logits[plane + i]).isZero();
      assertThat(logits[2 * plane + i]).isCloseTo((old[i] + old[3 * plane + i]) / 2, within(1e-4f));
    }
  }

  @Test
  void picturesCanBeEnlargedForANetworkThatWasTrainedOnLargerOnes() {
    OnnxModel larger = Retarget.of(deeplab(), options(4).with(same(4)).withEnlarge(1.5f));

    assertThat(Nets.run(larger, "image", new float[3 * 71 * 90], 1, 3, 71, 90).shape())
        .containsExactly(1, 4, 71, 90);
  }

  @Test
  void mappingsAreWrittenByName() {
    ClassMapping mapping =
        ClassMapping.parse(
            Palette.known("cityscapes"),
            Palette.known("camvid"),
            "pavement=sidewalk; tree=vegetation; sign symbol=traffic light, traffic sign;"
                + " pedestrian=person; bicyclist=rider, bicycle");

    assertThat(mapping.sources())
        .isEqualTo(
            List.of(
                List.of(10),
                List.of(2),
                List.of(5),
                List.of(0),
                List.of(1),
                List.of(8),
                List.of(6, 7),
                List.of(4),
                List.of(13),
                List.of(11),
                List.of(12, 18)));
    assertThatThrownBy(() ->
            ClassMapping.parse(Palette.known("cityscapes"), Palette.known("camvid"), "tree=shrub"))
        .hasMessageContaining("\"shrub\"")
        .hasMessageContaining("vegetation");
  }

  @Test
  void anFcnGetsOtherClassesInAllItsScoreLayers() {
    OnnxModel classifier =
        Nets.of("N", 3, "H", "W")
            .conv(4, 3, 2, 1)
            .relu()
            .conv(4, 3, 2, 1)
            .relu()
            .conv(8, 3, 2, 1)
            .relu()
            .conv(8, 3, 2, 1)
            .relu()
            .node("GlobalAveragePool")
            .flatten()
            .gemm(8, 5, true)
            .model();
    OnnxModel fcn =
        Fcn.of(
            classifier, FcnOptions.of(6, 4).with(Normalisation.of(127.5f, 127.5f), Channels.RGB));

    OnnxModel other = Retarget.of(fcn, options(3).with(Normalisation.of(0, 1), Channels.RGB));

    assertThat(other.graph().initializers().stream().map(OnnxTensor::name))
        .anyMatch(name -> name.startsWith("score8.weight"));
    assertThat(Nets.run(other, "image", new float[3 * 65 * 67], 1, 3, 65, 67).shape())
        .containsExactly(1, 3, 65, 67);
  }

  @Test
  void aClassifierIsRefusedByName() {
    OnnxModel classifier =
        Nets.of("N", 3, "H", "W")
            .conv(4, 3, 2, 1)
            .node("GlobalAveragePool")
            .flatten()
            .gemm(4, 5, true)
            .model();

    assertThatThrownBy(() -> Retarget.of(classifier, options(3)))
        .isInstanceOf(GraphException.class)
        .hasMessageContaining("fc")
        .hasMessageContaining("make an FCN");
  }

  /// Stride 8, a pooled branch tiled to the grid, scores resized from corner to corner to 65 x 65.
  private static OnnxModel deeplab() {
    Nets layers = Nets.of(1, 3, 65, 65);
    layers.conv(6, 3, 2, 1).relu().conv(6, 3, 2, 1).relu().conv(8, 3, 2, 1).relu();
    String trunk = layers.value();
    layers.node("GlobalAveragePool").conv(8, 1, 1, 0).relu();
    layers.node("Tile", layers.wiring().vector("repeats", 1, 1, 9, 9));
    String joined =
        layers.wiring().node("Concat", "joined", layers.value(), trunk).set("axis", 1).output();
    layers.at(joined, 16).conv(4, 1, 1, 0);
    OnnxNode resize =
        layers
            .wiring()
            .node(
                "Resize",
                "enlarged",
                layers.value(),
                "",
                "",
                layers.wiring().vector("sizes", 1, 4, 65, 65));
    resize.set("mode", "linear").set("coordinate_transformation_mode", "align_corners");
    return layers.model(resize.output());
  }

  private static RetargetOptions options(int classes) {
    return RetargetOptions.of(classes).with(Normalisation.of(127.5f, 127.5f), Channels.RGB);
  }

  private static ClassMapping same(int classes) {
    return new ClassMapping(IntStream.range(0, classes).mapToObj(List::of).toList());
  }

  private static Tensor.Floats own(
      OnnxModel network, float[] picture, int height, int width, boolean channelsLast) {
    float[] wanted = new float[picture.length];
    int plane = height * width;
    for (int i = 0; i < picture.length; i++) {
      int to = channelsLast ? 3 * (i % plane) + i / plane : i;
      wanted[to] = (picture[i] - 127.5f) / 127.5f;
    }
    long[] shape =
        channelsLast ? new long[] {1, height, width, 3} : new long[] {1, 3, height, width};
    return Nets.run(network, network.graph().inputs().getFirst().name(), wanted, shape);
  }

  private static float[] planes(float[] last, int classes) {
    float[] planes = new float[last.length];
    int plane = last.length / classes;
    for (int i = 0; i < last.length; i++) {
      planes[i % classes * plane + i / classes] = last[i];
    }
    return planes;
  }

  private static float[] softmax(float[] logits, int classes) {
    float[] probabilities = new float[logits.length];
    int plane = logits.length / classes;
    for (int pixel = 0; pixel < plane; pixel++) {
      double sum = 0;
      for (int k = 0; k < classes; k++) {
        sum += Math.exp(logits[k * plane + pixel]);
      }
      for (int k = 0; k < classes; k++) {
        probabilities[k * plane + pixel] = (float) (Math.exp(logits[k * plane + pixel]) / sum);
      }
    }
    return probabilities;
  }
}
