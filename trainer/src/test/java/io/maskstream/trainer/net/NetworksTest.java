package io.maskstream.trainer.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.trainer.graph.Shapes;
import io.maskstream.trainer.graph.Trainable;
import io.maskstream.video.Size;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Networks are as large as their authors' are, and have their maps and windows.
class NetworksTest {

  private static final Size SMALL = new Size(64, 64);

  /// Counted from the layer lists of the papers' net.py and torchvision's models.
  @ParameterizedTest
  @CsvSource({
    "fcn32s-vgg16, 21, 134346581",
    "fcn16s-vgg16, 21, 134357354",
    "fcn8s-vgg16, 21, 134362751",
    "fcn8s-atonce-vgg16, 21, 134362751",
    "fcn32s-vgg16-tight, 21, 134346581",
    "fcn8s-vgg16-tight, 21, 134362751",
    "nyud-fcn32s-color, 40, 134424424",
    "nyud-fcn32s-hha, 40, 134424424",
    "nyud-fcn32s-color-d, 40, 134425000",
    "nyud-fcn32s-color-hha, 40, 268848848",
    "pascalcontext-fcn8s, 60, 134552564",
    "siftflow-fcn8s, 33, 134435756",
    "fcn32s-vgg19, 21, 139656277",
    "fcn32s-alexnet, 21, 56954261",
    "fcn32s-googlenet, 21, 5995077",
    "fcn16s-googlenet, 21, 6012570",
    "fcn8s-googlenet, 21, 6022671",
    "fcn_resnet50, 21, 35322218",
    "fcn_resnet101, 21, 54314346",
    "deeplabv3_resnet50, 21, 42004074",
    "deeplabv3_resnet101, 21, 60996202",
  })
  void networksHaveTheirAuthorsNumberOfParameters(String name, int classes, long parameters) {
    Network network = Networks.named(name);
    assertThat(network.classes()).isEqualTo(classes);
    Cost cost = Cost.of(network.build(classes), SMALL);
    assertThat(cost.parameters() + cost.auxiliary()).isEqualTo(parameters);
  }

  /// In millions, without and with the auxiliary head.
  @ParameterizedTest
  @CsvSource({
    "fcn_r18-d8, 19, 12.674, 12.822",
    "fcn_r18b-d8, 19, 12.654, 12.803",
    "fcn_r50-d8, 19, 47.133, 49.498",
    "fcn_r50b-d8, 19, 47.114, 49.479",
    "fcn_r101-d8, 19, 66.125, 68.490",
    "fcn_r101b-d8, 19, 66.106, 68.471",
    "fcn-d6_r50-d16, 19, 47.133, 49.498",
    "fcn-d6_r101b-d16, 19, 66.106, 68.471",
    "pspnet_r18-d8, 19, 12.641, 12.790",
    "pspnet_r50-d8, 19, 46.611, 48.975",
    "pspnet_r101-d8, 19, 65.603, 67.968",
    "semseg-pspnet50, 21, 46.716, 49.082",
    "semseg-pspnet101, 21, 65.709, 68.074",
    "deeplabv3_r50-d8, 19, 65.748, 68.113",
    "deeplabv3_r101-d8, 19, 84.740, 87.105",
  })
  void dilatedNetworksHaveTheirAuthorsNumberOfParameters(
      String name, int classes, double serving, double training) {
    Cost cost = Cost.of(Networks.named(name).build(classes), SMALL);
    assertThat(cost.parameters() / 1e6).isEqualTo(serving, within(0.00051));
    assertThat((cost.parameters() + cost.auxiliary()) / 1e6).isEqualTo(training, within(0.00051));
  }

  /// Billions of multiplications, as far as they are published; within a thousandth or the last
  /// digit.
  @ParameterizedTest
  @CsvSource({
    "fcn32s-vgg16, 500, 500, 180.9, 0.1",
    "fcn32s-vgg16, 500, 375, 146.3, 0.1",
    "fcn32s-vgg16, 640, 360, 173.9, 0.1",
    "fcn32s-vgg16, 1280, 720, 529, 0.5",
    "fcn32s-vgg16, 1024, 512, 334, 0.5",
    "fcn32s-vgg16-tight, 500, 500, 109.9, 0.1",
    "fcn32s-vgg16-tight, 640, 360, 103.0, 0.1",
    "fcn32s-vgg16-tight, 1280, 720, 400, 0.5",
    "fcn32s-vgg16-tight, 1024, 512, 231, 0.5",
    "fcn32s-alexnet, 500, 500, 21.0, 0.05",
    "fcn32s-alexnet, 640, 360, 20.5, 0.05",
    "fcn32s-googlenet, 500, 500, 7.76, 0.0078",
    "fcn32s-googlenet, 640, 360, 7.2, 0.05",
    "fcn_r18-d8, 1024, 512, 111, 0.5",
    "fcn_r50-d8, 1024, 512, 395, 0.5",
    "fcn_r101-d8, 1024, 512, 550, 0.55",
    "fcn_r101-d8, 2048, 1024, 2201, 2.2",
    "fcn-d6_r50-d16, 1024, 512, 116, 0.5",
    "fcn-d6_r101-d16, 1024, 512, 154, 0.5",
    "pspnet_r101-d8, 2048, 1024, 2047, 2",
    "deeplabv3_r50-d8, 1024, 512, 539, 0.5",
    "deeplabv3_r101-d8, 1024, 512, 694, 0.7",
  })
  void networksWorkAsMuchAsPublished(
      String name, int width, int height, double billions, double within) {
    Network network = Networks.named(name);
    Cost cost = Cost.of(network.build(network.classes()), new Size(width, height));
    assertThat(cost.macs() / 1e9).isEqualTo(billions, within(within));
  }

  @ParameterizedTest
  @CsvSource({
    "fcn32s-alexnet, pool1=86 pool2=43 pool5=21 score=16",
    "fcn8s-vgg16, pool3=88 pool4=44 pool5=22 score=16",
  })
  void mapsOfAPictureOf500HaveThePapersSides(String name, String sides) {
    OnnxGraph graph = Networks.named(name).build(21).graph();
    Shapes shapes = Shapes.of(graph, Map.of(Trainable.IMAGE, new long[] {1, 3, 500, 500}));
    for (String side : sides.split(" ")) {
      String value = side.split("=")[0];
      assertThat(shapes.of(value)[2]).as(value).isEqualTo(Long.parseLong(side.split("=")[1]));
    }
  }

  /// Offsets of the prototxts, and of Caffe's coordinate map where there is none.
  @ParameterizedTest
  @CsvSource({
    "fcn32s-vgg16, 64, cropped=19",
    "fcn16s-vgg16, 32, score16_crop=5 cropped=27",
    "fcn8s-vgg16, 16, score16_crop=5 score8_crop=9 cropped=31",
    "fcn32s-vgg16-tight, 64, cropped=19",
    "fcn16s-vgg16-tight, 32, score16_begun=-1 cropped=27",
    "fcn8s-vgg16-tight, 16, score16_begun=-1 score8_begun=-3 cropped=31",
    "fcn32s-alexnet, 63, cropped=18",
    "fcn16s-alexnet, 31, score16_crop=5 cropped=18",
    "fcn8s-alexnet, 15, score16_crop=5 score8_crop=10 cropped=18",
    "fcn32s-googlenet, 63, cropped=1",
    "fcn16s-googlenet, 31, cropped=1",
    "fcn8s-googlenet, 15, cropped=1",
    "nyud-fcn32s-color-hha, 64, cropped=19",
    "siftflow-fcn16s, 32,"
        + " score16_crop=5 cropped=27 score16_geometry_crop=5 cropped_geometry=27",
  })
  void scoresAreCutWhereThePapersCut(String name, int kernel, String crops) {
    Network network = Networks.named(name);
    OnnxGraph graph = network.build(network.classes()).graph();
    assertThat(graph.constant("upscore.weight").orElseThrow().shape())
        .containsExactly(network.classes(), 1, kernel, kernel);
    Map<String, Long> found =
        graph.nodes().stream()
            .filter(node -> Character.isLowerCase(node.output().charAt(0)))
            .filter(node -> offset(graph, node) != 0)
            .collect(Collectors.toMap(OnnxNode::output, node -> offset(graph, node)));
    Map<String, Long> expected =
        Arrays.stream(crops.split(" "))
            .map(crop -> crop.split("="))
            .collect(Collectors.toMap(crop -> crop[0], crop -> Long.parseLong(crop[1])));
    assertThat(found).isEqualTo(expected);
  }

  /// Cells that a node cuts off in front, or adds as zeros.
  private static long offset(OnnxGraph graph, OnnxNode node) {
    boolean cuts = node.operator().equals("Slice") && node.inputs().size() == 4;
    if (cuts && graph.constant(node.input(3)).orElseThrow().size() == 2) {
      return graph.constant(node.input(1)).orElseThrow().longs()[0];
    }
    return node.operator().equals("Pad")
        ? -graph.constant(node.input(1)).orElseThrow().longs()[2]
        : 0;
  }

  @Test
  void residualStagesAreDilatedAsTheirAuthorsHaveIt() {
    assertThat(dilations("fcn_r50-d8", "layer3")).containsExactly(1L, 2L, 2L, 2L, 2L, 2L);
    assertThat(dilations("fcn_r50-d8", "layer4")).containsExactly(2L, 4L, 4L);
    assertThat(dilations("fcn_r18-d8", "layer4")).containsExactly(2L, 1L, 4L, 1L);
    assertThat(dilations("fcn-d6_r50-d16", "layer3")).containsOnly(1L);
    assertThat(dilations("fcn-d6_r50-d16", "layer4")).containsExactly(1L, 2L, 2L);
    assertThat(dilations("fcn-d6_r50-d16", "head")).containsExactly(6L, 6L, 1L);
    assertThat(dilations("fcn-d6_r50-d16", "aux")).containsExactly(6L);
    assertThat(dilations("semseg-pspnet50", "layer3")).containsOnly(2L);
    assertThat(dilations("semseg-pspnet50", "layer4")).containsExactly(4L, 4L, 4L);
    assertThat(dilations("deeplabv3_r50-d8", "head")).containsExactly(12L, 24L, 36L, 1L);
    assertThat(dilations("deeplabv3-resnet50-os16", "layer4")).containsExactly(2L, 4L, 8L);
    assertThat(dilations("deeplabv3-resnet50-os16", "head")).containsExactly(6L, 12L, 18L);
    assertThat(dilations("deeplabv3-resnet50-os8", "layer4")).containsExactly(4L, 8L, 16L);
    assertThat(dilations("deeplabv3-resnet50-block7", "layer7")).containsExactly(16L, 32L, 16L);
  }

  /// Of the windows of 3 x 3 whose names begin so.
  private static List<Long> dilations(String name, String prefix) {
    Predicate<OnnxNode> seen =
        node ->
            node.operator().equals("Conv")
                && node.output().startsWith(prefix)
                && node.integers("kernel_shape").orElseThrow()[0] == 3;
    return Networks.named(name).build(19).graph().nodes().stream()
        .filter(seen)
        .map(node -> node.integers("dilations").orElseThrow()[0])
        .toList();
  }

  @Test
  void skipsThatLearnAtOnceAreScaled() {
    OnnxGraph graph = Networks.named("fcn8s-atonce-vgg16").build(21).graph();
    assertThat(graph.constant("score16_scale").orElseThrow().floats()).containsExactly(0.01f);
    assertThat(graph.constant("score8_scale").orElseThrow().floats()).containsExactly(0.0001f);
    assertThat(Networks.named("fcn8s-vgg16").build(21).graph().constant("score16_scale")).isEmpty();
  }

  @Test
  void cornersAreAlignedWhereTheyAreToBe() {
    assertThat(modes(Networks.named("fcn_r18-d8").build(19))).containsOnly("half_pixel");
    OnnxModel aligned = Networks.named("pspnet_r18-d8").build(Wish.of(19).with(Corners.ON_PIXELS));
    assertThat(modes(aligned)).hasSize(6).containsOnly("align_corners");
    assertThat(modes(Networks.named("semseg-pspnet50").build(21))).containsOnly("align_corners");
    assertThatThrownBy(
            () -> Networks.named("fcn8s-vgg16").build(Wish.of(21).with(Corners.ON_PIXELS)))
        .hasMessageContaining("no corners to align");
  }

  private static List<String> modes(OnnxModel model) {
    return model.graph().nodes().stream()
        .filter(node -> node.operator().equals("Resize"))
        .map(node -> node.text("coordinate_transformation_mode", ""))
        .toList();
  }

  @Test
  void everyNameIsThereOnceAndAWrongOneIsToldTheNearest() {
    assertThat(Networks.all().stream().map(Network::name)).doesNotHaveDuplicates();
    assertThatThrownBy(() -> Networks.named("fcn_r50_d8"))
        .hasMessageContaining("no network fcn_r50_d8")
        .hasMessageContaining("fcn_r50-d8");
  }

  @Test
  void weightsAreTheSameEachTimeAndOfTheRightDeviation() {
    float[] once = weights();
    assertThat(once).isEqualTo(weights());
    double square = 0;
    for (float weight : once) {
      square += (double) weight * weight;
    }
    assertThat(Math.sqrt(square / once.length)).isEqualTo(Math.sqrt(2.0 / (9 * 64)), within(1e-3));
  }

  private static float[] weights() {
    return Networks.named("fcn_r18-d8")
        .build(19)
        .graph()
        .constant("layer1.1.conv1.weight")
        .orElseThrow()
        .floats();
  }
}
