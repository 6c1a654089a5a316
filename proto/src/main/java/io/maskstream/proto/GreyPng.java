package io.maskstream.proto;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/// PNG (W3C PNG, third edition) of one kind: 8 bits of grey, not interlaced.
///
/// `javax.imageio` reads more, and that is why it is not used: a mask must have the size its
/// message says, in one byte a pixel, without colour correction, and a hostile file must cost no
/// more memory than that.
final class GreyPng {

  private static final byte[] SIGNATURE = {(byte) 137, 'P', 'N', 'G', '\r', '\n', 26, '\n'};
  private static final int IHDR = name("IHDR");
  private static final int IDAT = name("IDAT");
  private static final int IEND = name("IEND");

  /// Bit depth 8, grey, deflate, adaptive filters, no interlace.
  private static final byte[] KIND = {8, 0, 0, 0, 0};

  private static final int UP = 2;

  private GreyPng() {}

  /// Codes every row as its difference from the row above, which in a class map is mostly nothing.
  static byte[] encode(byte[] classes, int width, int height) {
    Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    try {
      deflater.setInput(differences(classes, width, height));
      deflater.finish();
      ByteArrayOutputStream coded = new ByteArrayOutputStream(1 << 16);
      byte[] part = new byte[1 << 16];
      while (!deflater.finished()) {
        coded.write(part, 0, deflater.deflate(part));
      }
      byte[] header = ByteBuffer.allocate(13).putInt(width).putInt(height).put(KIND).array();
      ByteBuffer png = ByteBuffer.allocate(SIGNATURE.length + 3 * 12 + 13 + coded.size());
      png.put(SIGNATURE);
      putChunk(png, IHDR, header);
      putChunk(png, IDAT, coded.toByteArray());
      putChunk(png, IEND, new byte[0]);
      return png.array();
    } finally {
      deflater.end();
    }
  }

  private static byte[] differences(byte[] classes, int width, int height) {
    byte[] rows = new byte[height * (width + 1)];
    int at = 0;
    for (int y = 0; y < height; y++) {
      rows[at++] = UP;
      int row = y * width;
      for (int i = row; i < row + width; i++) {
        rows[at++] = (byte) (classes[i] - (y == 0 ? 0 : classes[i - width]));
      }
    }
    return rows;
  }

  private static void putChunk(ByteBuffer png, int type, byte[] content) {
    png.putInt(content.length);
    int start = png.position();
    png.putInt(type).put(content);
    png.putInt(checksum(png.array(), start, content.length + 4));
  }

  static byte[] decode(byte[] file, int width, int height) {
    Inflater inflater = new Inflater();
    try {
      ByteBuffer png = ByteBuffer.wrap(file);
      byte[] signature = new byte[SIGNATURE.length];
      png.get(signature);
      if (!Arrays.equals(signature, SIGNATURE)) {
        throw new MaskException("mask is no PNG: its signature is missing");
      }
      Chunk header = Chunk.next(png);
      if (header.type() != IHDR || header.content().remaining() != 13) {
        throw new MaskException("PNG does not begin with its header");
      }
      requireKind(header.content(), width, height);
      return unfilter(inflate(png, inflater, height * (width + 1)), width, height);
    } catch (BufferUnderflowException e) {
      throw new MaskException("PNG ends early: bytes=" + file.length, e);
    } catch (DataFormatException e) {
      throw new MaskException("PNG is damaged: " + e.getMessage(), e);
    } finally {
      inflater.end();
    }
  }

  private static void requireKind(ByteBuffer header, int width, int height) {
    int actualWidth = header.getInt();
    int actualHeight = header.getInt();
    if (actualWidth != width || actualHeight != height) {
      throw new MaskException(
          "PNG has another size than its mask: png=%sx%s mask=%dx%d"
              .formatted(
                  Integer.toUnsignedString(actualWidth),
                  Integer.toUnsignedString(actualHeight),
                  width,
                  height));
    }
    byte[] kind = new byte[KIND.length];
    header.get(kind);
    if (!Arrays.equals(kind, KIND)) {
      throw new MaskException(
          "PNG is not 8-bit grey without interlace: bit_depth=%d color_type=%d interlace=%d"
              .formatted(kind[0], kind[1], kind[4]));
    }
  }

  /// The filtered rows; anything but exactly this many bytes is refused.
  private static byte[] inflate(ByteBuffer png, Inflater inflater, int size)
      throws DataFormatException {
    byte[] rows = new byte[size];
    int filled = 0;
    byte[] surplus = new byte[1];
    while (png.hasRemaining()) {
      Chunk chunk = Chunk.next(png);
      if (chunk.type() == IEND) {
        break;
      }
      if (chunk.type() != IDAT) {
        continue;
      }
      inflater.setInput(chunk.content());
      while (!inflater.finished() && !inflater.needsInput()) {
        int count =
            filled < size
                ? inflater.inflate(rows, filled, size - filled)
                : inflater.inflate(surplus);
        if (count == 0 && inflater.needsDictionary()) {
          throw new MaskException("PNG wants a dictionary, which PNG does not have");
        }
        filled += count;
        if (filled > size) {
          throw new MaskException("PNG holds more pixels than its size says: bytes=" + size);
        }
      }
    }
    if (filled < size) {
      throw new MaskException("PNG holds too few pixels: bytes=%d of %d".formatted(filled, size));
    }
    return rows;
  }

  /// Undoes the filters of section 9.2, in place but for the filter bytes.
  private static byte[] unfilter(byte[] rows, int width, int height) {
    byte[] classes = new byte[width * height];
    for (int y = 0; y < height; y++) {
      int from = y * (width + 1);
      int filter = rows[from];
      if (filter < 0 || filter > 4) {
        throw new MaskException("PNG has an unknown filter: filter=%d row=%d".formatted(filter, y));
      }
      for (int x = 0; x < width; x++) {
        int at = y * width + x;
        int left = x == 0 ? 0 : classes[at - 1] & 0xff;
        int up = y == 0 ? 0 : classes[at - width] & 0xff;
        int upLeft = x == 0 || y == 0 ? 0 : classes[at - width - 1] & 0xff;
        int predicted =
            switch (filter) {
              case 0 -> 0;
              case 1 -> left;
              case UP -> up;
              case 3 -> (left + up) / 2;
              default -> paeth(left, up, upLeft);
            };
        classes[at] = (byte) (rows[from + 1 + x] + predicted);
      }
    }
    return classes;
  }

  private static int paeth(int left, int up, int upLeft) {
    int estimate = left + up - upLeft;
    int toLeft = Math.abs(estimate - left);
    int toUp = Math.abs(estimate - up);
    int toUpLeft = Math.abs(estimate - upLeft);
    if (toLeft <= toUp && toLeft <= toUpLeft) {
      return left;
    }
    return toUp <= toUpLeft ? up : upLeft;
  }

  private static int checksum(byte[] bytes, int from, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }

  private static int name(String type) {
    return type.charAt(0) << 24 | type.charAt(1) << 16 | type.charAt(2) << 8 | type.charAt(3);
  }

  /// A chunk whose checksum is right.
  private record Chunk(int type, ByteBuffer content) {

    /// The chunk at the position, which is moved past it.
    static Chunk next(ByteBuffer png) {
      int length = png.getInt();
      int start = png.position();
      int type = png.getInt();
      if (length < 0 || length > png.remaining()) {
        throw new BufferUnderflowException();
      }
      ByteBuffer content = png.slice(png.position(), length);
      png.position(png.position() + length);
      if (png.getInt() != checksum(png.array(), start, length + 4)) {
        throw new MaskException("PNG is damaged: wrong checksum at byte " + start);
      }
      return new Chunk(type, content);
    }
  }
}
