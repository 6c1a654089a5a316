package io.maskstream.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.maskstream.painting.RgbPicture;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageFilesTest {

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8})
  void readsLabelsAsIndicesWhateverTheirColoursAndBits(int bits) throws IOException {
    int values = 1 << bits;
    Path file =
        Drawn.indexed(folder.resolve("l.png"), bits, 23, 5, (x, y) -> (x + 3 * y) % values % 200);
    byte[] classes = LabelFile.read(file, LabelValues.from0(200)).classes();
    for (int i = 0; i < classes.length; i++) {
      assertThat(classes[i] & 0xff).isEqualTo((i % 23 + 3 * (i / 23)) % values % 200);
    }
  }

  @Test
  void readsGreyLabelsAsTheyAre() throws IOException {
    Path file = Drawn.grey(folder.resolve("l.png"), 16, 16, (x, y) -> 16 * y + x);
    byte[] classes = LabelFile.read(file, LabelValues.from0(254).ignoring(254)).classes();
    for (int i = 0; i < 256; i++) {
      assertThat(classes[i] & 0xff).isEqualTo(i == 254 ? 255 : i);
    }
  }

  @Test
  void saysWhichLabelIsOutOfRangeAndWhere() throws IOException {
    Path file = Drawn.grey(folder.resolve("l.png"), 9, 7, (x, y) -> x == 4 && y == 6 ? 12 : 2);
    assertThatThrownBy(() -> LabelFile.read(file, LabelValues.from0(11).ignoring(11)))
        .isInstanceOf(LabelledSetException.class)
        .hasMessage(
            "label is out of range: %s value=12 x=4 y=6; allowed are classes 0 to 10, ignored 11 and 255",
            file);
  }

  @Test
  void refusesLabelsInColour() throws IOException {
    Path file = Drawn.rgb(folder.resolve("l.png"), 4, 4, (x, y) -> 0x800000);
    assertThatThrownBy(() -> LabelFile.read(file, LabelValues.from0(2)))
        .hasMessageContaining("labels are in colour: " + file)
        .hasMessageContaining("palette or 8-bit grey PNG");
  }

  @Test
  void countsClassesFromOneWhereZeroIsNoClass() {
    LabelValues values = LabelValues.from1(150);
    assertThat(values.meaning(0)).isEqualTo(255);
    assertThat(values.meaning(1)).isZero();
    assertThat(values.meaning(150)).isEqualTo(149);
    assertThat(values.meaning(151)).isNegative();
    assertThat(values.meaning(400)).isNegative();
    assertThat(values).hasToString("classes 1 to 150, ignored 0 and 255");
    assertThat(LabelValues.from0(3).meaning(7, 2).meaning(7)).isEqualTo(2);
  }

  @Test
  void readsPicturesOfEveryKindAsTheirColours() throws IOException {
    Path rgb = Drawn.rgb(folder.resolve("rgb.png"), 3, 2, (x, y) -> 0x102030 + x);
    assertThat(rgbAt(rgb, 2)).containsExactly(0x10, 0x20, 0x32);
    // Java's own conversion would make this grey 188: it takes grey for linear light.
    Path grey = Drawn.grey(folder.resolve("grey.png"), 3, 2, (x, y) -> 128);
    assertThat(rgbAt(grey, 0)).containsExactly(128, 128, 128);
    Path indexed = Drawn.indexed(folder.resolve("indexed.png"), 8, 3, 2, (x, y) -> 0);
    assertThat(rgbAt(indexed, 0)).containsExactly(255, 255, 255);
    BufferedImage alpha = new BufferedImage(3, 2, BufferedImage.TYPE_INT_ARGB);
    alpha.setRGB(0, 0, 0x40aabbcc);
    ImageIO.write(alpha, "png", folder.resolve("alpha.png").toFile());
    assertThat(rgbAt(folder.resolve("alpha.png"), 0)).containsExactly(0xaa, 0xbb, 0xcc);
  }

  @Test
  void refusesSixteenBitsAndNamesAValue() throws IOException {
    Path deep =
        Drawn.deep(folder.resolve("deep.png"), 5, 4, (x, y) -> x == 3 && y == 2 ? 26003 : 7);
    assertThatThrownBy(() -> PictureFile.read(deep))
        .isInstanceOf(LabelledSetException.class)
        .hasMessage(
            "picture has 16 bits a channel: %s value=26003 x=3 y=2; 8 are read; save it again with 8",
            deep);
    assertThatThrownBy(() -> LabelFile.read(deep, LabelValues.from0(11)))
        .isInstanceOf(LabelledSetException.class)
        .hasMessageContaining("labels have 16 bits: %s value=26003 x=3 y=2", deep)
        .hasMessageContaining("8-bit grey PNG");
    Path shallow = Drawn.deep(folder.resolve("shallow.png"), 5, 4, (x, y) -> 7);
    assertThatThrownBy(() -> LabelFile.read(shallow, LabelValues.from0(11)))
        .hasMessageContaining("labels have 16 bits: %s value=7", shallow);
  }

  /// Cyan, half of the light left: as ink; as Adobe writes it; and as Adobe writes it in YCbCr, by
  /// T.871's numbers for the inverse, 255, 0, 0. FFmpeg reads the latter two alike.
  @Test
  void readsPicturesInTheColoursOfPrint() throws IOException {
    byte[] ink = fourBands(255, 0, 0, 127);
    assertCyan(ink);
    assertCyan(withAdobe(fourBands(0, 255, 255, 128), 0));
    assertCyan(withAdobe(fourBands(76, 85, 255, 128), 2));
    assertThatThrownBy(() -> LabelFile.read(folder.resolve("read.jpg"), LabelValues.from0(2)))
        .hasMessageContaining("labels are in colour");
  }

  private void assertCyan(byte[] jpeg) throws IOException {
    RgbPicture picture = read(jpeg);
    assertThat(picture.width()).isEqualTo(16);
    for (int i = 0; i < picture.rgb().length; i++) {
      assertThat(picture.rgb()[i] & 0xff).isCloseTo(i % 3 == 0 ? 0 : 128, within(2));
    }
  }

  /// A JPEG of four bands, each of one value.
  private static byte[] fourBands(int... values) throws IOException {
    WritableRaster samples =
        Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 16, 8, values.length, null);
    for (int band = 0; band < values.length; band++) {
      for (int i = 0; i < 16 * 8; i++) {
        samples.setSample(i % 16, i / 16, band, values[band]);
      }
    }
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
      writer.setOutput(stream);
      writer.write(new IIOImage(samples, null, null));
    } finally {
      writer.dispose();
    }
    return out.toByteArray();
  }

  /// Puts Adobe's segment after the start of the image.
  private static byte[] withAdobe(byte[] jpeg, int transform) {
    ByteBuffer file = ByteBuffer.allocate(jpeg.length + 16);
    file.put(jpeg, 0, 2).putShort((short) 0xffee).putShort((short) 14);
    file.put(new byte[] {'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, (byte) transform});
    return file.put(jpeg, 2, jpeg.length - 2).array();
  }

  /// The eight orientations as Exif draws them: where the stored picture's first row and first
  /// column are to be seen.
  @Test
  void turnsPicturesAsExifSays() throws IOException {
    byte[] jpeg = jpeg();
    RgbPicture stored = read(jpeg);
    List<String> seen =
        List.of(
            "top left",
            "top right",
            "bottom right",
            "bottom left",
            "left top",
            "right top",
            "right bottom",
            "left bottom");
    for (int orientation = 1; orientation <= 8; orientation++) {
      for (ByteOrder order : List.of(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN)) {
        RgbPicture upright = read(withExif(jpeg, orientation, order));
        String[] edges = seen.get(orientation - 1).split(" ");
        for (int row = 0; row < stored.height(); row++) {
          for (int column = 0; column < stored.width(); column++) {
            int[] place = {0, 0};
            put(place, edges[0], row, upright);
            put(place, edges[1], column, upright);
            assertThat(at(upright, place[0], place[1])).isEqualTo(at(stored, column, row));
          }
        }
      }
    }
    assertThat(read(withExif(jpeg, 9, ByteOrder.BIG_ENDIAN)).rgb()).isEqualTo(stored.rgb());
  }

  @Test
  void readsAPictureWhoseExifIsBroken() throws IOException {
    byte[] jpeg = withExif(jpeg(), 6, ByteOrder.BIG_ENDIAN);
    jpeg[16] = 0x7f; // the directory's place, beyond the file
    assertThat(read(jpeg).width()).isEqualTo(16);
  }

  @Test
  void saysWhichFileIsCutShort() throws IOException {
    Path png = Drawn.rgb(folder.resolve("a.png"), 64, 64, (x, y) -> x * y * 991);
    Path jpg = folder.resolve("a.jpg");
    Files.write(jpg, jpeg());
    Path text = folder.resolve("b.png");
    Files.writeString(text, "no picture at all");
    for (Path file : List.of(png, jpg)) {
      byte[] bytes = Files.readAllBytes(file);
      for (int length : new int[] {0, 10, bytes.length / 2, bytes.length * 3 / 4}) {
        Files.write(file, Arrays.copyOf(bytes, length));
        assertThatThrownBy(() -> PictureFile.read(file))
            .as("%s cut to %d of %d", file, length, bytes.length)
            .isInstanceOf(LabelledSetException.class)
            .hasMessageContaining("cannot read image " + file);
      }
    }
    assertThatThrownBy(() -> PictureFile.read(text)).hasMessageContaining("no PNG, JPEG");
    assertThatThrownBy(() -> PictureFile.read(folder.resolve("none.png")))
        .isInstanceOf(LabelledSetException.class)
        .hasMessageContaining("none.png");
  }

  private static void put(int[] place, String edge, int distance, RgbPicture picture) {
    switch (edge) {
      case "top" -> place[1] = distance;
      case "bottom" -> place[1] = picture.height() - 1 - distance;
      case "left" -> place[0] = distance;
      case "right" -> place[0] = picture.width() - 1 - distance;
      default -> throw new AssertionError(edge);
    }
  }

  private static int at(RgbPicture picture, int x, int y) {
    int i = 3 * (y * picture.width() + x);
    return ByteBuffer.wrap(
            new byte[] {0, picture.rgb()[i], picture.rgb()[i + 1], picture.rgb()[i + 2]})
        .getInt();
  }

  private static int[] rgbAt(Path file, int pixel) {
    byte[] rgb = PictureFile.read(file).rgb();
    return new int[] {rgb[3 * pixel] & 0xff, rgb[3 * pixel + 1] & 0xff, rgb[3 * pixel + 2] & 0xff};
  }

  private RgbPicture read(byte[] bytes) throws IOException {
    Path file = folder.resolve("read.jpg");
    Files.write(file, bytes);
    return PictureFile.read(file);
  }

  private static byte[] jpeg() throws IOException {
    BufferedImage image = new BufferedImage(16, 8, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < 16 * 8; i++) {
      image.setRGB(i % 16, i / 16, (i % 16 * 15) << 16 | (i / 16 * 30) << 8 | 77);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "jpg", out);
    return out.toByteArray();
  }

  /// Puts an APP1 segment after the start of the image, with one entry: the orientation.
  private static byte[] withExif(byte[] jpeg, int orientation, ByteOrder order) {
    ByteBuffer tiff = ByteBuffer.allocate(26).order(order);
    tiff.put((byte) (order == ByteOrder.BIG_ENDIAN ? 'M' : 'I')).put(tiff.get(0));
    tiff.putShort((short) 42).putInt(8).putShort((short) 1);
    tiff.putShort((short) 0x0112).putShort((short) 3).putInt(1).putShort((short) orientation);
    ByteBuffer file = ByteBuffer.allocate(jpeg.length + 10 + 26);
    file.put(jpeg, 0, 2).putShort((short) 0xffe1).putShort((short) (2 + 6 + 26));
    file.put(new byte[] {'E', 'x', 'i', 'f', 0, 0}).put(tiff.array());
    return file.put(jpeg, 2, jpeg.length - 2).array();
  }
}
