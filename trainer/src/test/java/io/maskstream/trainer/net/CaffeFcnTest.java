package io.maskstream.trainer.net;

import static io.maskstream.trainer.graph.Closeness.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.maskstream.inference.OrtGraphRunner;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.onnx.OnnxTensor;
import io.maskstream.release.GraphRunner.Running;
import io.maskstream.release.GraphRunner.Tensor;
import io.maskstream.trainer.graph.DrawnScores;
import io.maskstream.trainer.graph.Trainable;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The papers' variants against the networks that they are made from, in ONNX Runtime.
class CaffeFcnTest {

  private static final int CLASSES = 4;
  private static final int SIDE = 97;
  private static final int PLANE = SIDE * SIDE;

  private final float[] colours = noise(1, SIDE, 0, 255);
  private final float[] hha = noise(2, SIDE, 0, 255);

  @Test
  void depthThatIsTheMeanChangesNothing() {
    OnnxModel plain = built("nyud-fcn32s-color");
    OnnxModel fused = built("nyud-fcn32s-color-d");
    float[] depth = new float[PLANE];
    Arrays.fill(depth, (float) Math.exp(7.844));
    assertClose(run(fused, joined(colours, depth), 4), run(plain, colours, 3), 1e-4);

    Arrays.fill(depth, 0);
    assertThat(run(fused, joined(colours, depth), 4)).doesNotContain(Float.NaN);
  }

  @Test
  void depthBeginsWithTheMeanOfTheColoursWeights() {
    float[] weight = first(built("nyud-fcn32s-color-d"));
    float[] colour = first(built("nyud-fcn32s-color"));
    for (int i = 0; i < weight.length; i++) {
      int tap = i % 9;
      int from = i / 36 * 27;
      float mean = (colour[from + tap] + colour[from + 9 + tap] + colour[from + 18 + tap]) / 3;
      float expected = i % 36 < 27 ? colour[from + i % 36] : mean;
      assertThat(weight[i]).isEqualTo(expected, within(1e-7f));
    }
  }

  private static float[] first(OnnxModel model) {
    return model.graph().constant("conv1_1.weight").orElseThrow().floats();
  }

  /// By hand: each network by itself, and the mean of what they say.
  @Test
  void twoStreamsSayTheMeanOfBoth() {
    for (int stride : new int[] {32, 16}) {
      OnnxModel both = built("nyud-fcn" + stride + "s-color-hha");
      OnnxModel other = CaffeFcn.nyudHha(wish()).vgg16(stride);
      for (OnnxTensor tensor : List.copyOf(other.graph().initializers())) {
        both.graph()
            .constant(tensor.name() + "_hha")
            .filter(theirs -> tensor.name().endsWith(".weight"))
            .ifPresent(theirs -> other.graph().add(theirs.withName(tensor.name())));
      }
      OnnxModel one = DrawnScores.in(CaffeFcn.nyud(wish()).vgg16(stride));
      float[] first = run(one, colours, 3);
      float[] second = run(other, hha, 3);
      float[] expected = new float[first.length];
      for (int i = 0; i < expected.length; i++) {
        expected[i] = (first[i] + second[i]) / 2;
      }
      assertThat(second).isNotEqualTo(first);
      assertClose(run(both, joined(colours, hha), 6), expected, 1e-4);
    }
  }

  @Test
  void classesBesideGeometryAreThoseOfTheNetworkWithoutIt() {
    OnnxModel both = built("siftflow-fcn8s");
    OnnxModel alone = DrawnScores.in(CaffeFcn.siftFlow(wish()).vgg16(8));
    assertThat(run(both, colours, 3)).isEqualTo(run(alone, colours, 3));
    float[] geometry = run(both, colours, 3, CaffeFcn.GEOMETRY);
    assertThat(geometry).hasSize(3 * PLANE).doesNotContain(Float.NaN);
    assertThat(IntStream.range(0, geometry.length).anyMatch(i -> geometry[i] != 0)).isTrue();
  }

  /// Farther from the border than half of the 404 pixels that a score sees, upscoring included, no
  /// zeros are seen.
  @Test
  void lessPaddingChangesTheBorderOnly() {
    int side = 545;
    float[] picture = noise(3, side, 0, 255);
    for (int stride : new int[] {32, 8}) {
      OnnxModel papers = DrawnScores.in(CaffeFcn.voc(wish()).vgg16(stride));
      OnnxModel tight = DrawnScores.in(CaffeFcn.voc(wish()).tight(stride));
      float[] far = middle(run(papers, picture, 3), side);
      assertThat(far.length).isGreaterThan(CLASSES * 60 * 60);
      assertClose(middle(run(tight, picture, 3), side), far, 1e-5);
    }
  }

  private static float[] middle(float[] scores, int side) {
    int border = 240;
    int kept = side - 2 * border;
    float[] middle = new float[CLASSES * kept * kept];
    for (int i = 0; i < middle.length; i++) {
      int row = border + i / kept % kept;
      middle[i] = scores[(i / (kept * kept) * side + row) * side + border + i % kept];
    }
    return middle;
  }

  private static Wish wish() {
    return Wish.of(CLASSES).thinned(16);
  }

  private static OnnxModel built(String name) {
    return DrawnScores.in(Networks.named(name).build(wish()));
  }

  private static float[] joined(float[] first, float[] second) {
    float[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static float[] noise(long seed, int side, float from, float to) {
    Random random = new Random(seed);
    float[] values = new float[3 * side * side];
    for (int i = 0; i < values.length; i++) {
      values[i] = from + (to - from) * random.nextFloat();
    }
    return values;
  }

  private static float[] run(OnnxModel model, float[] pixels, int planes) {
    return run(model, pixels, planes, Trainable.LOGITS);
  }

  private static float[] run(OnnxModel model, float[] pixels, int planes, String output) {
    long side = Math.round(Math.sqrt(pixels.length / (double) planes));
    try (Running running = new OrtGraphRunner().open(model.toBytes(), model.graph().name())) {
      Tensor.Floats fed = new Tensor.Floats(new long[] {1, planes, side, side}, pixels);
      return ((Tensor.Floats) running.run(Trainable.IMAGE, fed).get(output)).values();
    }
  }
}
