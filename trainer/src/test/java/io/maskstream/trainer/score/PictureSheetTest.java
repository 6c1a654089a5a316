package io.maskstream.trainer.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maskstream.painting.ClassPicture;
import io.maskstream.painting.RgbPicture;
import io.maskstream.release.Palette;
import io.maskstream.trainer.score.PictureSheet.Row;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureSheetTest {

  private static final Palette CLASSES =
      new Palette(List.of("road", "car"), List.of(0x804080, 0x400080));

  @Test
  void showsPictureTruthPredictionAndError(@TempDir Path folder) throws IOException {
    // 320 x 160: left half road, right half car, lower half ignored; all is predicted as road.
    byte[] rgb = new byte[320 * 160 * 3];
    Arrays.fill(rgb, (byte) 90);
    byte[] truth = new byte[320 * 160];
    for (int i = 0; i < truth.length; i++) {
      truth[i] = (byte) (i / 320 >= 80 ? 255 : i % 320 < 160 ? 0 : 1);
    }
    Row row =
        new Row(
            "one 0.5",
            new RgbPicture(320, 160, rgb),
            new ClassPicture(320, 160, truth),
            new ClassPicture(320, 160, new byte[320 * 160]));
    Path file = folder.resolve("sheet.png");
    PictureSheet.write(List.of(row, row), CLASSES, file);
    BufferedImage sheet = ImageIO.read(file.toFile());
    assertThat(sheet.getWidth()).isEqualTo(4 * 324 + 4);
    assertThat(sheet.getHeight()).isEqualTo(16 + 2 * (16 + 164) + 16);
    for (int top : new int[] {32, 32 + 180}) {
      assertThat(at(sheet, 0, 40, top + 40)).isEqualTo(0x5a5a5a);
      assertThat(at(sheet, 1, 40, top + 40)).isEqualTo(0x804080);
      assertThat(at(sheet, 1, 200, top + 40)).isEqualTo(0x400080);
      assertThat(at(sheet, 1, 200, top + 120)).isZero();
      assertThat(at(sheet, 2, 200, top + 40)).isEqualTo(0x804080);
      assertThat(at(sheet, 3, 40, top + 40)).isEqualTo((90 / 2 + 64) * 0x010101);
      assertThat(at(sheet, 3, 200, top + 40)).isEqualTo(0xff0000);
      assertThat(at(sheet, 3, 200, top + 120)).isZero();
    }
    assertThat(sheet.getRGB(6, sheet.getHeight() - 10) & 0xffffff).isEqualTo(0x804080);
  }

  @Test
  void wrapsALegendThatIsTooLong() {
    Palette many =
        new Palette(
            Stream.iterate(0, i -> i + 1).limit(60).map(i -> "class number " + i).toList(),
            Stream.iterate(0, i -> i + 1).limit(60).toList());
    assertThat(PictureSheet.paint(List.of(), many).getHeight()).isGreaterThan(16 + 3 * 16);
  }

  @Test
  void refusesPicturesOfDifferentSize() {
    assertThatThrownBy(() ->
            new Row(
                "p",
                new RgbPicture(2, 1, new byte[6]),
                new ClassPicture(2, 1, new byte[2]),
                new ClassPicture(1, 2, new byte[2])))
        .hasMessageContaining("p 2x1, 2x1, 1x2");
  }

  private static int at(BufferedImage sheet, int panel, int x, int y) {
    return sheet.getRGB(4 + panel * 324 + x, y) & 0xffffff;
  }
}
