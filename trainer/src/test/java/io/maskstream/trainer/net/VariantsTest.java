package io.maskstream.trainer.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maskstream.inference.OrtGraphRunner;
import io.maskstream.onnx.OnnxGraph;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxNode;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.onnx.OnnxType;
import io.maskstream.onnx.OnnxValue;
import io.maskstream.release.GraphRunner.Running;
import io.maskstream.release.GraphRunner.Tensor.Floats;
import io.maskstream.release.PackagingOptions.Channels;
import io.maskstream.release.PackagingOptions.Normalisation;
import io.maskstream.trainer.autograd.Parity;
import io.maskstream.trainer.graph.DrawnScores;
import io.maskstream.trainer.graph.Trainable;
import io.maskstream.trainer.net.ResNet.Depth;
import io.maskstream.trainer.net.ResNet.Stage;
import io.maskstream.trainer.net.ResNet.Stem;
import io.maskstream.trainer.surgery.Fcn;
import io.maskstream.trainer.surgery.FcnOptions;
import io.maskstream.trainer.surgery.FcnOptions.Fusion;
import io.maskstream.trainer.surgery.FcnOptions.Variant;
import io.maskstream.video.Size;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the FCN papers tried besides: rarefied filters, and skips fused by their maximum.
class VariantsTest {

  private static final int CLASSES = 3;

  /// Shelhamer et al. 2016, section 3.2, naively: the picture is shifted by every multiple of the
  /// finer stride up to the coarser one, the network as it is scores each of them, and the scores
  /// are interlaced. A cell that sees no border, which shifting moves, must score the same.
  ///
  /// @param seen pixels that a score sees
  /// @param before cells that a rarefied network has in front of the first shifted one
  /// @param centre pixel in the middle of what its first cell sees
  @ParameterizedTest
  @CsvSource({
    "fcn32s-vgg16, 8, 404, 480, 1, 4.5",
    "fcn32s-vgg16, 16, 404, 541, 0, 12.5",
    "fcn32s-alexnet, 8, 355, 431, 1, 5",
    "fcn32s-googlenet, 16, 715, 816, 1, 14",
    "resnet18, 8, 435, 500, 0, 0",
  })
  void rarefiedFiltersScoreAsShiftedPicturesStitchedTogether(
      String name, int stride, int seen, int side, int before, double centre) {
    OnnxModel plain = built(name, Variant.PLAIN);
    OnnxModel fine = built(name, new Variant(Fusion.SUM, stride));
    assertThat(Cost.of(fine, new Size(64, 64)).parameters())
        .isEqualTo(Cost.of(plain, new Size(64, 64)).parameters());
    float[] picture = noise(side);
    Floats rarefied = run(fine, Trainable.SCORE, picture, side);
    int cells = (int) rarefied.shape()[2];
    float[] stitched = new float[rarefied.values().length];
    Arrays.fill(stitched, Float.NaN);
    int shifts = 32 / stride;
    for (int shift = 0; shift < shifts * shifts; shift++) {
      int down = shift / shifts;
      int across = shift % shifts;
      int[] kept = {side - down * stride, side - across * stride};
      float[] shifted = new float[3 * kept[0] * kept[1]];
      for (int i = 0; i < shifted.length; i++) {
        int row = i / kept[1] % kept[0] + down * stride;
        int column = i % kept[1] + across * stride;
        shifted[i] = picture[(i / (kept[0] * kept[1]) * side + row) * side + column];
      }
      Floats coarse = run(plain, Trainable.SCORE, shifted, kept[0], kept[1]);
      int rows = (int) coarse.shape()[2];
      int columns = (int) coarse.shape()[3];
      for (int i = 0; i < coarse.values().length; i++) {
        int y = i / columns % rows * shifts + down + before;
        int x = i % columns * shifts + across + before;
        if (y < cells && x < cells) {
          stitched[(i / (rows * columns) * cells + y) * cells + x] = coarse.values()[i];
        }
      }
    }
    int first = (int) Math.ceil((seen / 2.0 + 32 - stride - centre) / stride);
    int last = (int) Math.floor((side - seen / 2.0 - centre) / stride);
    int compared = 0;
    double range = 0;
    double most = 0;
    for (int i = 0; i < stitched.length; i++) {
      int y = i / cells % cells;
      int x = i % cells;
      if (y >= first && x >= first && y <= last && x <= last) {
        assertThat(stitched[i]).isFinite();
        most = Math.max(most, Math.abs(stitched[i] - rarefied.values()[i]));
        range = Math.max(range, Math.abs(stitched[i]));
        compared++;
      }
    }
    assertThat(range).isPositive();
    assertThat(compared).isGreaterThanOrEqualTo(CLASSES * 9);
    assertThat(most / range).isLessThan(1e-5);
  }

  @ParameterizedTest
  @CsvSource({"fcn32s-vgg16, 8", "fcn8s-vgg16, 16", "fcn16s-alexnet, 16", "fcn8s-googlenet, 16"})
  void rarefiedNetworksScoreEveryPixelInBothLibraries(String name, int stride) {
    OnnxModel model = built(name, new Variant(Fusion.MAX, stride));
    for (int side : new int[] {65, 98, 131}) {
      List<Parity> found = Parity.of(model, noise(side), 1, 3, side, side);
      assertThat(found)
          .allSatisfy(parity -> {
            assertThat(parity.pixels()).isEqualTo(side * side);
            assertThat(parity.relative()).isLessThan(1e-4);
          });
    }
  }

  @Test
  void fusesByTheGreaterScore() {
    OnnxModel model = built("fcn16s-vgg16", new Variant(Fusion.MAX, 64));
    OnnxNode fuse = model.graph().producer("fuse16").orElseThrow();
    assertThat(fuse.operator()).isEqualTo("Max");
    float[] picture = noise(97);
    float[] left = run(model, fuse.input(0), picture, 97).values();
    float[] right = run(model, fuse.input(1), picture, 97).values();
    float[] fused = run(model, "fuse16", picture, 97).values();
    boolean[] won = new boolean[2];
    for (int i = 0; i < fused.length; i++) {
      assertThat(fused[i]).isEqualTo(left[i] > right[i] ? left[i] : right[i]);
      won[left[i] > right[i] ? 0 : 1] = true;
    }
    assertThat(won).containsOnly(true);
  }

  /// The patterns that trainer/README.md gives to `--lr-factor`.
  @Test
  void upscoringIsFrozenByName() {
    int papers = 0;
    for (Network network : Networks.all()) {
      OnnxGraph graph = network.build(Wish.of(CLASSES)).graph();
      Set<String> all = new TreeSet<>();
      Set<String> last = new TreeSet<>();
      for (OnnxNode node : graph.nodes()) {
        if (node.operator().equals("ConvTranspose")) {
          all.add(node.input(1));
        }
      }
      for (OnnxValue output : graph.outputs()) {
        Optional<OnnxNode> node = graph.producer(output.name());
        while (node.isPresent() && Set.of("Identity", "Slice").contains(node.get().operator())) {
          node = graph.producer(node.get().input(0));
        }
        node.filter(found -> all.contains(found.input(1))).ifPresent(up -> last.add(up.input(1)));
      }
      assertThat(found(graph, "^upscore")).isEqualTo(all);
      assertThat(found(graph, "^upscore(_\\w+)?\\.weight")).isEqualTo(last);
      papers += all.isEmpty() ? 0 : 1;
    }
    assertThat(papers).isEqualTo(31);
  }

  private static Set<String> found(OnnxGraph graph, String pattern) {
    return graph.initializers().stream()
        .map(OnnxTensor::name)
        .filter(name -> name.endsWith(".weight") && Pattern.compile(pattern).matcher(name).find())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void onlyThePapersNetworksHaveVariants() {
    Wish wish = Wish.of(CLASSES).with(new Variant(Fusion.MAX, 64));
    for (String name : List.of("pspnet_r18-d8", "scene")) {
      assertThatThrownBy(() -> Networks.named(name).build(wish)).hasMessageContaining("rarefied");
    }
    assertThatThrownBy(() -> new Variant(Fusion.SUM, 12)).hasMessageContaining("power of 2: 12");
  }

  private static OnnxModel built(String name, Variant variant) {
    Wish wish = Wish.of(CLASSES).thinned(16).with(variant);
    return DrawnScores.in(
        name.equals("resnet18") ? resNet(variant) : Networks.named(name).build(wish));
  }

  /// Strides in its convolutions, and sums of two paths.
  private static OnnxModel resNet(Variant variant) {
    Layers layers = new Layers("resnet18", Trainable.IMAGE, 224, 16);
    Stage halving = Stage.of(2, 1);
    ResNet trunk =
        new ResNet(Depth.R18, Stem.PLAIN, List.of(Stage.of(1, 1), halving, halving, halving));
    List<String> stages = trunk.write(layers, layers.normalised(Trainable.IMAGE));
    String x = layers.flat("flat", layers.globalAverage("pooled", stages.getLast()));
    return Fcn.of(
        layers.classifier(layers.fullyConnected("fc", x, 1, 1000)),
        FcnOptions.of(CLASSES, 32).with(Normalisation.of(0, 1), Channels.RGB).with(variant));
  }

  private static float[] noise(int side) {
    Random random = new Random(side);
    float[] values = new float[3 * side * side];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(256);
    }
    return values;
  }

  private static Floats run(OnnxModel model, String value, float[] picture, int side) {
    return run(model, value, picture, side, side);
  }

  private static Floats run(OnnxModel given, String value, float[] picture, int height, int width) {
    OnnxModel model = given.copy();
    model.graph().setOutputs(List.of(OnnxValue.ofUnknownShape(value, OnnxType.FLOAT)));
    try (Running running = new OrtGraphRunner().open(model.toBytes(), value)) {
      Floats fed = new Floats(new long[] {1, 3, height, width}, picture);
      return (Floats) running.run(Trainable.IMAGE, fed).get(value);
    }
  }
}
