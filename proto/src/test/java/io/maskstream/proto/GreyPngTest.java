package io.maskstream.proto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.maskstream.proto.v1.Mask;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

/// Compared with the JDK's own PNG reader and writer.
class GreyPngTest {

  @Test
  void writesWhatTheJdkReads() throws IOException {
    Random random = new Random(11);
    for (int round = 0; round < 100; round++) {
      int width = 1 + random.nextInt(60);
      int height = 1 + random.nextInt(40);
      byte[] classes = MasksTest.classMap(random, width * height, 30);
      BufferedImage image =
          ImageIO.read(new ByteArrayInputStream(Masks.encodePng(classes, width, height)));
      assertThat(image.getType()).isEqualTo(BufferedImage.TYPE_BYTE_GRAY);
      assertThat((byte[]) image.getRaster().getDataElements(0, 0, width, height, null))
          .isEqualTo(classes);
    }
  }

  @Test
  void readsWhatTheJdkWrites() throws IOException {
    byte[] classes = Scenes.specked();
    byte[] png = jdkPng(classes, Scenes.WIDTH, Scenes.HEIGHT, BufferedImage.TYPE_BYTE_GRAY);
    assertThat(Masks.decodePng(png, Scenes.WIDTH, Scenes.HEIGHT)).isEqualTo(classes);
  }

  @Test
  void undoesEveryFilterAcrossSeveralChunks() {
    int width = 50;
    int height = 40;
    byte[] classes = new byte[width * height];
    new Random(12).nextBytes(classes);
    byte[] rows = filtered(classes, width, height);
    Deflater deflater = new Deflater();
    deflater.setInput(rows);
    deflater.finish();
    byte[] coded = new byte[2 * rows.length];
    int length = deflater.deflate(coded);
    deflater.end();
    byte[] png =
        png(
            header(width, height, 8, 0, 0),
            chunk("tEXt", new byte[] {'a', 0, 'b'}),
            chunk("IDAT", Arrays.copyOf(coded, 100)),
            chunk("IDAT", new byte[0]),
            chunk("IDAT", Arrays.copyOfRange(coded, 100, length)),
            chunk("IEND", new byte[0]));
    assertThat(Masks.decodePng(png, width, height)).isEqualTo(classes);
  }

  @Test
  void decodesAMaskAndItsAreas() {
    byte[] classes = {0, 0, 7, 7, 7, (byte) 255};
    Mask mask =
        Mask.newBuilder()
            .setWidth(3)
            .setHeight(2)
            .setPng(ByteString.copyFrom(Masks.encodePng(classes, 3, 2)))
            .build();
    assertThat(Masks.decode(mask)).isEqualTo(classes);
    assertThat(Masks.area(mask, 7)).isEqualTo(3);
    assertThat(Masks.area(mask, 255)).isEqualTo(1);
  }

  @Test
  void refusesAnotherSizeOrKindThanAMask() throws IOException {
    byte[] png = Masks.encodePng(new byte[6], 3, 2);
    assertRefused(png, 2, 3, "PNG has another size than its mask: png=3x2 mask=2x3");
    assertRefused(
        png(header(100_000, 100_000, 8, 0, 0)),
        3,
        2,
        "PNG has another size than its mask: png=100000x100000 mask=3x2");
    assertRefused(
        jdkPng(new byte[6], 3, 2, BufferedImage.TYPE_3BYTE_BGR),
        3,
        2,
        "PNG is not 8-bit grey without interlace: bit_depth=8 color_type=2 interlace=0");
    assertRefused(
        png(header(3, 2, 8, 0, 1)),
        3,
        2,
        "PNG is not 8-bit grey without interlace: bit_depth=8 color_type=0 interlace=1");
  }

  @Test
  void refusesADamagedFile() {
    byte[] png = Masks.encodePng(new byte[6], 3, 2);
    assertRefused(new byte[0], 3, 2, "PNG ends early: bytes=0");
    assertRefused(Arrays.copyOf(png, 40), 3, 2, "PNG ends early: bytes=40");
    assertRefused("<!doctype html>".getBytes(), 3, 2, "mask is no PNG: its signature is missing");
    byte[] flipped = png.clone();
    flipped[45] ^= 1;
    assertRefused(flipped, 3, 2, "PNG is damaged: wrong checksum at byte 37");
    assertRefused(
        png(header(3, 2, 8, 0, 0), chunk("IEND", new byte[0])),
        3,
        2,
        "PNG holds too few pixels: bytes=0 of 8");
  }

  @Test
  void stopsInflatingABombAtTheSizeOfItsMask() {
    Deflater deflater = new Deflater();
    deflater.setInput(new byte[10_000_000]);
    deflater.finish();
    byte[] coded = new byte[100_000];
    byte[] bomb = Arrays.copyOf(coded, deflater.deflate(coded));
    deflater.end();
    assertRefused(
        png(header(3, 2, 8, 0, 0), chunk("IDAT", new byte[0])),
        3,
        2,
        "PNG holds too few pixels: bytes=0 of 8");
    assertRefused(
        png(header(3, 2, 8, 0, 0), chunk("IDAT", bomb)),
        3,
        2,
        "PNG holds more pixels than its size says: bytes=8");
  }

  @Test
  void survivesHostileFiles() {
    byte[] classes = MasksTest.classMap(new Random(13), 600, 9);
    byte[] good = Masks.encodePng(classes, 30, 20);
    Random random = new Random(14);
    for (int round = 0; round < 20_000; round++) {
      byte[] hostile = Arrays.copyOf(good, 1 + random.nextInt(good.length));
      hostile[random.nextInt(hostile.length)] = (byte) random.nextInt(256);
      try {
        assertThat(Masks.decodePng(hostile, 30, 20)).isEqualTo(classes);
      } catch (MaskException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
  }

  private static void assertRefused(byte[] png, int width, int height, String message) {
    assertThatThrownBy(() -> Masks.decodePng(png, width, height))
        .isInstanceOf(MaskException.class)
        .hasMessage(message);
  }

  private static byte[] jdkPng(byte[] classes, int width, int height, int type) throws IOException {
    BufferedImage image = new BufferedImage(width, height, type);
    if (type == BufferedImage.TYPE_BYTE_GRAY) {
      image.getRaster().setDataElements(0, 0, width, height, classes);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, "png", out);
    return out.toByteArray();
  }

  /// Each row by another filter of PNG section 9.2.
  private static byte[] filtered(byte[] classes, int width, int height) {
    ByteBuffer rows = ByteBuffer.allocate(height * (width + 1));
    for (int y = 0; y < height; y++) {
      int filter = y % 5;
      rows.put((byte) filter);
      for (int x = 0; x < width; x++) {
        int a = x > 0 ? classes[y * width + x - 1] & 0xff : 0;
        int b = y > 0 ? classes[(y - 1) * width + x] & 0xff : 0;
        int c = x > 0 && y > 0 ? classes[(y - 1) * width + x - 1] & 0xff : 0;
        int p = a + b - c;
        int nearest = Math.abs(p - a);
        int paeth = a;
        if (Math.abs(p - b) < nearest) {
          nearest = Math.abs(p - b);
          paeth = b;
        }
        if (Math.abs(p - c) < nearest) {
          paeth = c;
        }
        int[] predictions = {0, a, b, (a + b) >> 1, paeth};
        rows.put((byte) (classes[y * width + x] - predictions[filter]));
      }
    }
    return rows.array();
  }

  private static byte[] header(int width, int height, int depth, int color, int interlace) {
    return chunk(
        "IHDR",
        ByteBuffer.allocate(13)
            .putInt(width)
            .putInt(height)
            .put(new byte[] {(byte) depth, (byte) color, 0, 0, (byte) interlace})
            .array());
  }

  private static byte[] chunk(String type, byte[] content) {
    CRC32 crc = new CRC32();
    crc.update(type.getBytes());
    crc.update(content);
    return ByteBuffer.allocate(12 + content.length)
        .putInt(content.length)
        .put(type.getBytes())
        .put(content)
        .putInt((int) crc.getValue())
        .array();
  }

  private static byte[] png(byte[]... chunks) {
    ByteBuffer png = ByteBuffer.allocate(8 + Arrays.stream(chunks).mapToInt(c -> c.length).sum());
    png.put(new byte[] {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10});
    Arrays.stream(chunks).forEach(png::put);
    return png.array();
  }
}
