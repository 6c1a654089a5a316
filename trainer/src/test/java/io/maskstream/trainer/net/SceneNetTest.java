package io.maskstream.trainer.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.inference.InferenceObserver;
import io.maskstream.inference.InferenceSettings;
import io.maskstream.inference.OnnxSegmenter;
import io.maskstream.inference.Provider;
import io.maskstream.inference.Segmented;
import io.maskstream.release.Palette;
import io.maskstream.release.ReleaseFile;
import io.maskstream.video.Frame;
import io.maskstream.video.Size;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The demo's network against the nearest colour, computed pixel by pixel.
class SceneNetTest {

  private static final Palette PALETTE = Palette.known("scene");

  @Test
  void theReleaseInTheProductIsWhatTheBuilderWrites() throws IOException {
    Path shipped =
        Path.of(System.getProperty("maskstream.root"))
            .resolve("processor/src/main/resources/io/maskstream/demo/scene.onnx");
    assertThat(Files.readAllBytes(shipped))
        .as("write it anew: ./maskstream train graph --out %s", shipped)
        .isEqualTo(SceneNet.build(PALETTE).toBytes());
  }

  @Test
  void theBenchsReleaseIsWhatItsBuilderWrites() throws IOException {
    Path shipped =
        Path.of(System.getProperty("maskstream.root"))
            .resolve("processor/src/main/resources/io/maskstream/bench/bench.onnx");
    assertThat(Files.readAllBytes(shipped))
        .as("write it anew: ./maskstream train graph --net bench --out %s", shipped)
        .isEqualTo(BenchNet.build(PALETTE).toBytes());
  }

  @Test
  void noisyBlocksOfThePaletteGetTheClassOfTheNearestColour() {
    Size size = new Size(160, 96);
    int block = 32;
    Random random = new Random(3);
    byte[] expected = new byte[(int) size.pixels()];
    ByteBuffer rgb = ByteBuffer.allocateDirect(3 * expected.length);
    for (int pixel = 0; pixel < expected.length; pixel++) {
      int x = pixel % size.width();
      int y = pixel / size.width();
      int id = (x / block + 3 * (y / block)) % PALETTE.size();
      expected[pixel] = (byte) id;
      for (int shift = 16; shift >= 0; shift -= 8) {
        int value = (PALETTE.colors().get(id) >> shift & 0xff) + (int) (12 * random.nextGaussian());
        rgb.put((byte) Math.clamp(value, 0, 255));
      }
    }
    Segmented segmented = segment(new Frame(size, size, rgb.flip(), _ -> {}));

    assertThat(segmented.classMap().size()).isEqualTo(size);
    for (int pixel = 0; pixel < expected.length; pixel++) {
      int x = pixel % size.width() % block;
      int y = pixel / size.width() % block;
      boolean inside = Math.min(x, y) >= 2 && Math.max(x, y) < block - 2;
      if (inside) {
        assertThat(segmented.classMap().classes()[pixel]).isEqualTo(expected[pixel]);
      }
    }
    assertThat(segmented.classMap().confidence().size()).isEqualTo(new Size(40, 24));
    assertThat(segmented.classMap().confidence().values()[41] & 0xff).isGreaterThan(250);
  }

  private static Segmented segment(Frame frame) {
    ReleaseFile release = ReleaseFile.of(SceneNet.build(PALETTE).toBytes(), "the demo's network");
    assertThat(release.palette()).isEqualTo(PALETTE);
    assertThat(release.inputSize().takes(frame.size())).isTrue();
    try (OnnxSegmenter segmenter =
        OnnxSegmenter.open(
            release,
            InferenceSettings.standard().withProvider(Provider.CPU),
            InferenceObserver.NONE)) {
      return segmenter.submit(frame).join();
    }
  }
}
