package io.maskstream.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.release.Graphs;
import io.maskstream.video.Size;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelDiffTest {

  @TempDir Path folder;

  /// Left half of red 30, right half of red 100: of two classes the first one everywhere, of four
  /// the first on the left and the second on the right.
  @Test
  void saysAndPaintsWhereTwoReleasesDiffer() throws Exception {
    Path picture = halves();
    Path a = Files.write(folder.resolve("a.onnx"), Graphs.levels(1, 2, null).graph());
    // Another size of frames: the maps are compared on A's.
    Path b = Files.write(folder.resolve("b.onnx"), Graphs.levels(2, 4, new Size(32, 24)).graph());
    Path painted = folder.resolve("diff");
    Outcome outcome = diff(a, b, picture, "-o", "json", "-d", painted.toString());
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out())
        .contains("\"a\":\"levels-1\",\"b\":\"levels-2\",\"frames\":1,")
        .contains("\"differing\":0.5,\"mean_iou\":0.25,")
        .contains(
            "\"classes\":[{\"class\":\"class 0\",\"iou\":0.5,\"a_share\":1.0,\"b_share\":0.5},"
                + "{\"class\":\"class 1\",\"iou\":0.0,\"a_share\":0.0,\"b_share\":0.5}]");
    BufferedImage sheet = ImageIO.read(painted.resolve("diff-0001.png").toFile());
    assertThat(sheet.getWidth()).isEqualTo(4 * 64);
    assertThat(sheet.getRGB(3 * 64 + 10, 40) & 0xffffff).as("alike").isEqualTo(0x0a0a0a);
    assertThat(sheet.getRGB(3 * 64 + 54, 40) & 0xffffff).as("differs").isEqualTo(0xff2060);
  }

  @Test
  void aReleaseAgreesWithItself() throws Exception {
    Path a = Files.write(folder.resolve("a.onnx"), Graphs.levels(1, 2, null).graph());
    Outcome outcome = diff(a, a, halves());
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.out().lines().map(line -> line.replaceAll(" +", " ")))
        .contains("differing 0.00%", "mean_iou 1.000", "class 0 1.000 100.0% 100.0%");
  }

  @Test
  void saysThatNoPictureComesOut() throws Exception {
    Path a = Files.write(folder.resolve("a.onnx"), Graphs.levels(1, 2, null).graph());
    Outcome outcome = diff(a, a, folder.resolve("none.png"));
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err()).contains("none.png");
  }

  private Path halves() throws Exception {
    BufferedImage image = new BufferedImage(64, 48, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < 48; y++) {
      for (int x = 0; x < 64; x++) {
        image.setRGB(x, y, (x < 32 ? 30 : 100) * 0x010101);
      }
    }
    Path file = folder.resolve("halves.png");
    ImageIO.write(image, "png", file.toFile());
    return file;
  }

  private static Outcome diff(Path a, Path b, Path source, String... more) {
    String[] words = new String[5 + more.length];
    words[0] = "model";
    words[1] = "diff";
    words[2] = a.toString();
    words[3] = b.toString();
    words[4] = "--source=" + source;
    System.arraycopy(more, 0, words, 5, more.length);
    return Outcome.of(words);
  }
}
