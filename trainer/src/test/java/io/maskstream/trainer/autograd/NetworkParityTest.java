package io.maskstream.trainer.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.camera.Scene.Look;
import io.maskstream.onnx.OnnxModel;
import io.maskstream.painting.RgbPicture;
import io.maskstream.release.GraphRunner.Tensor.Floats;
import io.maskstream.trainer.data.PictureFile;
import io.maskstream.trainer.data.Scenes;
import io.maskstream.trainer.graph.DrawnScores;
import io.maskstream.trainer.net.Corners;
import io.maskstream.trainer.net.Network;
import io.maskstream.trainer.net.Networks;
import io.maskstream.trainer.net.Wish;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Every network with a builder, at a sixteenth of its width, in libtorch and in ONNX Runtime: on
/// pictures of streets, a real one where there are some. `train graph --verify` does the same at
/// full width.
class NetworkParityTest {

  private static final int CLASSES = 7;
  private static final Path SHARED = Path.of(System.getProperty("maskstream.shared", "shared"));

  /// Of a real picture, so odd that no stride divides a side.
  private static final int REAL_HEIGHT = 121;

  private static final int REAL_WIDTH = 163;

  /// Two threads would wait for each other awake, and beside other programs for long.
  @BeforeAll
  static void onOneThread() {
    TorchGraph.useThreads(1);
  }

  @TestFactory
  Stream<DynamicTest> libtorchAgreesWithOnnxRuntimeOn() {
    RgbPicture street = street();
    Stream<DynamicTest> all =
        Networks.all().stream()
            .map(network ->
                DynamicTest.dynamicTest(
                    network.name(), () -> compare(network, Corners.BETWEEN_PIXELS, street)));
    Stream<DynamicTest> aligned =
        Stream.of("fcn_r18-d8", "pspnet_r18-d8", "deeplabv3_r18-d8")
            .map(name ->
                DynamicTest.dynamicTest(
                    name + ", corners aligned",
                    () -> compare(Networks.named(name), Corners.ON_PIXELS, street)));
    return Stream.concat(all, aligned);
  }

  /// Asked of each network by itself.
  private static void compare(Network network, Corners corners, RgbPicture street) {
    OnnxModel model = DrawnScores.in(network.build(Wish.of(CLASSES).with(corners).thinned(16)));
    int planes = (int) model.graph().inputs().getFirst().shape().get(1).size();
    float[] image = pixels(street, planes);
    List<Parity> found = Parity.of(model, image, 1, planes, street.height(), street.width());
    assertThat(found).isNotEmpty();
    for (Parity parity : found) {
      assertThat(parity.winners()).as("the network says something: %s", parity).isGreaterThan(1);
      assertThat(parity.relative()).as(parity.toString()).isLessThanOrEqualTo(1e-4);
      assertThat(parity.share()).as(parity.toString()).isGreaterThanOrEqualTo(0.9999);
    }
  }

  @Test
  void oneScoreOrOneClassThatDiffersIsSeen() {
    long[] shape = {1, 2, 1, 3};
    Floats served = new Floats(shape, new float[] {0, 5, 8.5f, 1, 10, 2});
    Parity same = Parity.between("logits", served, served);
    assertThat(same).isEqualTo(new Parity("logits", 0, 10, 0, 3, 3, 2));
    assertThat(same.holds()).isTrue();

    Parity score = Parity.between("logits", with(served, 5, 2.01f), served);
    assertThat(score.same()).isEqualTo(3);
    assertThat(score.holds()).as("a score").isFalse();
    Parity one = Parity.between("logits", with(served, 0, 1.1f), served);
    assertThat(one.same()).isEqualTo(2);
    assertThat(one.holds()).as("a class").isFalse();
    assertThat(Parity.between("logits", with(served, 5, Float.NaN), served).holds()).isFalse();

    Floats dominated = new Floats(shape, new float[] {5, 6, 7, 0, 1, 2.5f});
    Parity levelled = Parity.between("logits", with(dominated, 5, 2), dominated);
    assertThat(levelled.same()).as("less the means, 6 and 1.17").isEqualTo(2);
    Floats alike = new Floats(shape, new float[6]);
    assertThat(Parity.between("logits", alike, alike).holds()).as("one class only").isFalse();
  }

  private static Floats with(Floats scores, int at, float value) {
    float[] changed = scores.values().clone();
    changed[at] = value;
    return new Floats(scores.shape(), changed);
  }

  /// Every other pixel of a real picture's upper left.
  private static RgbPicture street() {
    Path file = SHARED.resolve("camvid/val/0016E5_07959.png");
    if (!Files.exists(file)) {
      return Scenes.of(5, 1, 83, 67, Look.VARIED).read(0).picture();
    }
    RgbPicture whole = PictureFile.read(file);
    byte[] rgb = new byte[3 * REAL_WIDTH * REAL_HEIGHT];
    for (int row = 0; row < REAL_HEIGHT; row++) {
      int from = 3 * (2 * row * whole.width());
      for (int i = 0; i < 3 * REAL_WIDTH; i++) {
        rgb[3 * row * REAL_WIDTH + i] = whole.rgb()[from + i / 3 * 6 + i % 3];
      }
    }
    return new RgbPicture(REAL_WIDTH, REAL_HEIGHT, rgb);
  }

  /// The colours, then as many of them again as the network has further planes.
  private static float[] pixels(RgbPicture street, int planes) {
    int plane = street.width() * street.height();
    float[] pixels = new float[planes * plane];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = street.rgb()[3 * (i % plane) + i / plane % 3] & 0xff;
    }
    return pixels;
  }
}
