package io.maskstream.trainer.net;

import static io.maskstream.trainer.graph.Closeness.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.maskstream.inference.OrtGraphRunner;
import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.onnx.OnnxType;
import io.maskstream.onnx.OnnxValue;
import io.maskstream.release.GraphRunner.Running;
import io.maskstream.release.GraphRunner.Tensor;
import io.maskstream.trainer.graph.Trainable;
import io.maskstream.trainer.net.ResNet.Depth;
import io.maskstream.trainer.net.ResNet.Stage;
import io.maskstream.trainer.net.ResNet.Stem;
import io.maskstream.trainer.surgery.BatchNormFolding;
import io.maskstream.video.Size;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Networks that begin with the weights of a classifier.
class StartingWeightsTest {

  private static final int THINNING = 16;
  private static final Wish THIN = Wish.of(5).thinned(THINNING);

  @Test
  void aCaffeClassifierBecomesTheNetworkOfItsName() {
    Network network = Networks.named("fcn8s-vgg16");
    assertThat(network.build(THIN.from(Vgg.d(THINNING))).toBytes())
        .isEqualTo(network.build(THIN).toBytes());
    assertThatThrownBy(() -> Networks.named("fcn-pool4-vgg16").build(THIN.from(Vgg.d(THINNING))))
        .hasMessageContaining("cannot be made of a classifier");
  }

  @Test
  void realClassifiersBecomeNetworksOfThePublishedSize() {
    Wish alexNet = Wish.of(21).from(shared("light_bvlc_alexnet"));
    assertThat(parameters("fcn32s-alexnet", alexNet)).isEqualTo(56_954_261);
    Wish resNet = Wish.of(21).from(shared("light_resnet50"));
    assertThat(parameters("deeplabv3_resnet50", resNet)).isEqualTo(42_004_074);
    assertThatThrownBy(() -> Networks.named("fcn_r50-d8").build(resNet))
        .hasMessageContaining("of another build")
        .hasMessageContaining("[64,3,7,7]")
        .hasMessageContaining("stem.1.weight");
  }

  private static long parameters(String name, Wish wish) {
    Cost cost = Cost.of(Networks.named(name).build(wish), new Size(64, 64));
    return cost.parameters() + cost.auxiliary();
  }

  private static OnnxModel shared(String name) {
    Path file =
        Path.of(System.getProperty("maskstream.shared", "shared"), "models", name + ".onnx");
    assumeTrue(Files.exists(file), () -> "no real material at " + file);
    return OnnxModel.read(file);
  }

  /// What the trunk says of one picture, in the network and in the classifier, whose layers have
  /// other names and another order.
  @ParameterizedTest
  @EnumSource(Depth.class)
  void residualTrunksSayWhatTheirClassifierSays(Depth depth) {
    Stage halving = Stage.of(2, 1);
    ResNet trunk =
        new ResNet(depth, Stem.PLAIN, List.of(Stage.of(1, 1), halving, halving, halving));
    OnnxModel classifier = strange(classifier(trunk));
    DilatedNet net = new DilatedNet(trunk, FcnHead.single(32, 1), Optional.empty());
    String last = depth == Depth.R18 ? "layer4.2.relu" : "layer4.3.relu";

    float[] said = run(classifier, "known." + last);
    assertThat(IntStream.range(0, said.length).mapToDouble(i -> said[i]).max().orElse(0))
        .as("the trunk says something")
        .isGreaterThan(1);
    assertClose(run(net.build("net", THIN.from(classifier)), last), said, 1e-5);
    assertThat(BatchNormFolding.apply(classifier.graph())).isZero();
    assertClose(run(net.build("net", THIN.from(classifier)), last), said, 1e-4);
  }

  private static OnnxModel classifier(ResNet trunk) {
    Layers layers = new Layers("classifier", Trainable.IMAGE, 64, THINNING);
    List<String> stages = trunk.write(layers, layers.normalised(Trainable.IMAGE));
    String x = layers.flat("flat", layers.globalAverage("pooled", stages.getLast()));
    return layers.classifier(layers.fullyConnected("fc", x, 1, 1000));
  }

  /// Other numbers, other names, sums the other way round.
  private static OnnxModel strange(OnnxModel model) {
    OnnxGraph graph = model.graph();
    Random random = new Random(3);
    for (OnnxTensor tensor : List.copyOf(graph.initializers())) {
      if (tensor.shape().length == 4 && tensor.shape()[0] > 1 || tensor.name().contains(".bn.")) {
        boolean spread = tensor.name().endsWith("scale") || tensor.name().endsWith("var");
        float[] values = tensor.floats();
        for (int i = 0; i < values.length; i++) {
          values[i] =
              spread ? 0.5f + random.nextFloat() : values[i] + (float) random.nextGaussian() / 9;
        }
        graph.add(OnnxTensor.ofFloats(tensor.name(), tensor.shape(), values));
      }
    }
    for (OnnxNode node : graph.nodes()) {
      if (node.operator().equals("Add")) {
        node.setInputs(List.of(node.input(1), node.input(0)));
      }
    }
    for (OnnxNode node : List.copyOf(graph.nodes())) {
      graph.rename(node.output(), "known." + node.output());
    }
    for (OnnxTensor tensor : List.copyOf(graph.initializers())) {
      graph.rename(tensor.name(), "known." + tensor.name());
    }
    return model;
  }

  private static float[] run(OnnxModel given, String value) {
    OnnxModel model = given.copy();
    model.graph().setOutputs(List.of(OnnxValue.ofUnknownShape(value, OnnxType.FLOAT)));
    Random random = new Random(8);
    float[] pixels = new float[3 * 64 * 64];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextInt(256);
    }
    try (Running running = new OrtGraphRunner().open(model.toBytes(), value)) {
      Tensor.Floats picture = new Tensor.Floats(new long[] {1, 3, 64, 64}, pixels);
      return ((Tensor.Floats) running.run(Trainable.IMAGE, picture).get(value)).values();
    }
  }
}
