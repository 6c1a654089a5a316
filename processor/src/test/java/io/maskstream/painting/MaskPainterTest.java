package io.maskstream.painting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maskstream.wire.FrameStatistics.BoundingBox;
import io.maskstream.wire.FrameStatistics.ClassArea;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class MaskPainterTest {

  private static final int[] CITYSCAPES_ROAD_AND_SIDEWALK = {0x804080, 0xf423e8};

  @Test
  void mixesEachPixelWithTheColourOfItsClass() throws Exception {
    RgbPicture picture = picture(31, 17);
    byte[] classes = new byte[31 * 17];
    new Random(7).nextBytes(classes);
    BufferedImage painted =
        new MaskPainter(ClassColors.VOC, 0.25)
            .paint(picture, new ClassPicture(31, 17, classes), Legend.NONE);
    BufferedImage read = ImageIO.read(new ByteArrayInputStream(MaskFiles.png(painted)));
    for (int i = 0; i < classes.length; i++) {
      for (int channel = 0; channel < 3; channel++) {
        int below = picture.rgb()[3 * i + channel] & 0xff;
        int above = ClassColors.VOC.rgb(classes[i] & 0xff) >> (16 - 8 * channel) & 0xff;
        int expected =
            classes[i] == (byte) 255 ? below : (int) Math.round(0.75 * below + 0.25 * above);
        assertThat(read.getRGB(i % 31, i / 31) >> (16 - 8 * channel) & 0xff)
            .as("pixel " + i + " channel " + channel)
            .isEqualTo(expected);
      }
    }
  }

  @Test
  void aCoarserMaskCoversTheWholePicture() {
    byte[] classes = {1, 2, 3, 4};
    BufferedImage painted =
        new MaskPainter(ClassColors.VOC, 1)
            .paint(picture(40, 20), new ClassPicture(2, 2, classes), Legend.NONE);
    for (int y = 0; y < 20; y++) {
      for (int x = 0; x < 40; x++) {
        int quarter = x / 20 + 2 * (y / 10);
        assertThat(painted.getRGB(x, y) & 0xffffff)
            .isEqualTo(ClassColors.VOC.rgb(classes[quarter]));
      }
    }
  }

  @Test
  void theLegendShowsColourAndNameOfTheLargestClasses() {
    Legend legend = Legend.of(new long[] {10, 0, 30});
    assertThat(legend.lines())
        .containsExactly(new Legend.Line(2, "class 2 75.0%"), new Legend.Line(0, "class 0 25.0%"));
    BufferedImage painted =
        new MaskPainter(ClassColors.VOC, 0)
            .paint(picture(160, 60), new ClassPicture(1, 1, new byte[1]), legend);
    assertThat(painted.getRGB(5, 6) & 0xffffff).isEqualTo(ClassColors.VOC.rgb(2));
    assertThat(letters(painted, 14, 3))
        .isEqualTo(
            """
            .......##.............
            ........#.............
            .###....#....##....###
            #...#...#......#..#...
            #.......#....###...###
            #...#...#...#..#......
            .###...###...####.####
            """);
  }

  @Test
  void aLegendThatDoesNotFitLeavesThePictureWhole() {
    RgbPicture picture = picture(8, 4);
    BufferedImage painted =
        new MaskPainter(ClassColors.VOC, 0)
            .paint(picture, new ClassPicture(1, 1, new byte[1]), Legend.of(new long[] {1}));
    for (int i = 0; i < 32; i++) {
      assertThat(painted.getRGB(i % 8, i / 8) >> 16 & 0xff).isEqualTo(picture.rgb()[3 * i] & 0xff);
    }
  }

  @Test
  void knowsTheColoursOfPascalVoc() {
    assertThat(List.of(0, 1, 2, 7, 15, 20, 255).stream().map(ClassColors.VOC::rgb))
        .containsExactly(0x000000, 0x800000, 0x008000, 0x808080, 0xc08080, 0x004080, 0xe0e0c0);
  }

  @Test
  void paintsCityscapesAsItIsKnown() {
    ClassColors colors = ClassColors.ofDataSet(List.of(area(0, "road"), area(1, "sidewalk")));
    assertThat(new int[] {colors.rgb(0), colors.rgb(1)}).isEqualTo(CITYSCAPES_ROAD_AND_SIDEWALK);
    assertThat(ClassColors.ofDataSet(List.of(area(0, "lawn")))).isSameAs(ClassColors.VOC);
    assertThat(ClassColors.ofDataSet(List.of())).isSameAs(ClassColors.VOC);
  }

  @Test
  void refusesAnOpacityThatIsNone() {
    assertThatThrownBy(() -> new MaskPainter(ClassColors.VOC, 1.01))
        .hasMessage("opacity is not 0 to 1: 1.01");
  }

  private static ClassArea area(int id, String name) {
    return new ClassArea(id, name, 1, 0.5, null, new BoundingBox(0, 0, 1, 1));
  }

  private static String letters(BufferedImage image, int x, int y) {
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < 7; row++) {
      for (int column = 0; column < 22; column++) {
        text.append((image.getRGB(x + column, y + row) & 0xffffff) == 0xffffff ? '#' : '.');
      }
      text.append('\n');
    }
    return text.toString();
  }

  private static RgbPicture picture(int width, int height) {
    byte[] rgb = new byte[width * height * 3];
    Random random = new Random(11);
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) random.nextInt(200);
    }
    return new RgbPicture(width, height, rgb);
  }
}
