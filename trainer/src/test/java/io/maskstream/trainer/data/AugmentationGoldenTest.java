package io.maskstream.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.painting.ClassPicture;
import io.maskstream.painting.RgbPicture;
import io.maskstream.video.Size;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/// Against OpenCV's pictures of the published pipelines; golden/golden.py made them.
class AugmentationGoldenTest {

  private static final int MEAN = 0x7c7468;

  private final RgbPicture original = picture("original");
  private final ClassPicture labels = labels("original");
  private final Size size = new Size(original.width(), original.height());

  @Test
  void resizesCropsAndFlips() {
    Window window = new Window(84, 59, 48, 40).at(13, 7).flipped();
    assertClose(new RgbPicture(48, 40, window.picture(original)), "cropped", 1, 0);
    assertSame(window.labels(labels), "cropped", 0);
  }

  @Test
  void padsWithTheMeanAndIgnore() {
    Canvas canvas = new Canvas(new Size(72, 50), 0, 0, size);
    assertClose(canvas.picture(original.rgb(), MEAN), "padded", 0, 0);
    assertSame(canvas.labels(labels), "padded", 0);
  }

  /// OpenCV rounds places to a 32nd of a pixel, which shows at sharp edges.
  @Test
  void turnsAboutTheMiddle() {
    Rotation rotation = Rotation.of(size, 7.3);
    byte[] turned = rotation.picture(original.rgb(), MEAN);
    assertClose(new RgbPicture(size.width(), size.height(), turned), "turned", 5, 0.001);
    assertSame(rotation.labels(labels), "turned", 0.004);
  }

  @Test
  void blurs() {
    byte[] blurred = GaussianBlur.of(original.rgb(), size);
    assertClose(new RgbPicture(size.width(), size.height(), blurred), "blurred", 1, 0);
  }

  /// OpenCV's hue has 180 steps of whole numbers and its saturation 256; ours have no steps.
  @Test
  void distortsColours() {
    byte[] first = original.rgb().clone();
    new Photometric(17, 1.3f, true, 0.7f, 12 / 30f).apply(first);
    assertClose(new RgbPicture(size.width(), size.height(), first), "distorted", 6, 0);
    byte[] last = original.rgb().clone();
    new Photometric(-21, 0.6f, false, 1.4f, -15 / 30f).apply(last);
    assertClose(new RgbPicture(size.width(), size.height(), last), "distorted-last", 6, 0);
  }

  /// @param levels that a value may differ by
  /// @param share of values that may differ more
  private static void assertClose(RgbPicture ours, String name, int levels, double share) {
    RgbPicture golden = picture(name);
    assertThat(ours.width()).isEqualTo(golden.width());
    assertThat(ours.height()).isEqualTo(golden.height());
    int more = 0;
    int most = 0;
    for (int i = 0; i < ours.rgb().length; i++) {
      int difference = Math.abs((ours.rgb()[i] & 0xff) - (golden.rgb()[i] & 0xff));
      more += difference > levels ? 1 : 0;
      most = Math.max(most, difference);
    }
    assertThat(more / (double) ours.rgb().length)
        .as("%s: %d values differ by more than %d, at most by %d", name, more, levels, most)
        .isLessThanOrEqualTo(share);
  }

  private static void assertSame(ClassPicture ours, String name, double share) {
    ClassPicture golden = labels(name);
    assertThat(ours.width()).isEqualTo(golden.width());
    assertThat(ours.height()).isEqualTo(golden.height());
    int differ = 0;
    for (int i = 0; i < ours.classes().length; i++) {
      differ += ours.classes()[i] != golden.classes()[i] ? 1 : 0;
    }
    assertThat(differ / (double) ours.classes().length)
        .as(String.format(Locale.ROOT, "%s: %d labels differ", name, differ))
        .isLessThanOrEqualTo(share);
  }

  private static RgbPicture picture(String name) {
    BufferedImage image = read(name + ".png");
    byte[] rgb = new byte[image.getWidth() * image.getHeight() * 3];
    for (int i = 0; i < rgb.length; i++) {
      int pixel = i / 3;
      int color = image.getRGB(pixel % image.getWidth(), pixel / image.getWidth());
      rgb[i] = (byte) (color >> (16 - 8 * (i % 3)));
    }
    return new RgbPicture(image.getWidth(), image.getHeight(), rgb);
  }

  private static ClassPicture labels(String name) {
    BufferedImage image = read(name + "-labels.png");
    int[] ids =
        image.getRaster().getSamples(0, 0, image.getWidth(), image.getHeight(), 0, (int[]) null);
    byte[] classes = new byte[ids.length];
    for (int i = 0; i < ids.length; i++) {
      classes[i] = (byte) ids[i];
    }
    return new ClassPicture(image.getWidth(), image.getHeight(), classes);
  }

  private static BufferedImage read(String file) {
    try (InputStream in = AugmentationGoldenTest.class.getResourceAsStream("golden/" + file)) {
      return ImageIO.read(in);
    } catch (IOException e) {
      throw new AssertionError(file, e);
    }
  }
}
