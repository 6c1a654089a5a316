package io.maskstream.trainer.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntBinaryOperator;
import java.util.zip.DeflaterOutputStream;

/// Writes files of MATLAB's version 5 byte by byte, after "MAT-File Format", MathWorks.
final class MatlabWriter {

  /// What a matrix is in MATLAB (mxDOUBLE_CLASS and so on), and what its numbers are in the file.
  enum Kind {
    DOUBLE(6, 9, 8),
    /// MATLAB stores doubles that are small whole numbers so, where it compresses.
    DOUBLE_AS_BYTES(6, 2, 1),
    INT16(10, 3, 2),
    UINT8(9, 2, 1),
    UINT16(11, 4, 2);

    private final int matrixClass;
    private final int numbers;
    private final int bytes;

    Kind(int matrixClass, int numbers, int bytes) {
      this.matrixClass = matrixClass;
      this.numbers = numbers;
      this.bytes = bytes;
    }
  }

  private static final int INT8 = 1;
  private static final int INT32 = 5;
  private static final int UINT32 = 6;
  private static final int MATRIX = 14;
  private static final int COMPRESSED = 15;
  private static final int STRUCT = 2;

  private MatlabWriter() {}

  /// A file of some variables, each an element.
  static Path write(Path file, byte[]... variables) throws IOException {
    Files.createDirectories(file.getParent());
    ByteBuffer header = buffer(128);
    header.put("MATLAB 5.0 MAT-file, of a test".getBytes(StandardCharsets.US_ASCII));
    while (header.position() < 116) {
      header.put((byte) ' ');
    }
    header.position(124);
    header.putShort((short) 0x0100).put((byte) 'I').put((byte) 'M');
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write(header.array());
      for (byte[] variable : variables) {
        out.write(variable);
      }
    }
    return file;
  }

  /// A matrix of one value a pixel: MATLAB has columns one behind the other.
  static byte[] matrix(String name, Kind kind, int width, int height, IntBinaryOperator value) {
    ByteBuffer numbers = buffer(width * height * kind.bytes);
    for (int x = 0; x < width; x++) {
      for (int y = 0; y < height; y++) {
        int at = value.applyAsInt(x, y);
        switch (kind.bytes) {
          case 1 -> numbers.put((byte) at);
          case 2 -> numbers.putShort((short) at);
          default -> numbers.putDouble(at);
        }
      }
    }
    return matrix(name, kind.matrixClass, width, height, element(kind.numbers, numbers.array()));
  }

  /// A struct of one element, which has other variables as fields.
  ///
  /// @param fields without names of their own
  static byte[] struct(String name, String[] names, byte[]... fields) {
    int longest = 32;
    ByteBuffer all = buffer(names.length * longest);
    for (String field : names) {
      all.put(field.getBytes(StandardCharsets.US_ASCII));
      all.position((all.position() / longest + 1) * longest);
    }
    byte[] length = buffer(4).putInt(longest).array();
    byte[] contents = join(element(INT32, length), element(INT8, all.array()), join(fields));
    return matrix(name, STRUCT, 1, 1, contents);
  }

  /// As MATLAB's -v7 writes a variable.
  static byte[] compressed(byte[] variable) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(bytes)) {
      deflater.write(variable);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return join(buffer(8).putInt(COMPRESSED).putInt(bytes.size()).array(), bytes.toByteArray());
  }

  private static byte[] matrix(
      String name, int matrixClass, int width, int height, byte[] contents) {
    byte[] flags = buffer(8).putInt(matrixClass).array();
    byte[] dimensions = buffer(8).putInt(height).putInt(width).array();
    byte[] body =
        join(
            element(UINT32, flags),
            element(INT32, dimensions),
            element(INT8, name.getBytes(StandardCharsets.US_ASCII)),
            contents);
    return join(buffer(8).putInt(MATRIX).putInt(body.length).array(), body);
  }

  /// Up to four bytes stand in the tag itself; more fill up to eight.
  private static byte[] element(int type, byte[] bytes) {
    if (bytes.length > 0 && bytes.length <= 4) {
      return buffer(8).putInt(bytes.length << 16 | type).put(bytes).array();
    }
    return buffer(8 + (bytes.length + 7) / 8 * 8)
        .putInt(type)
        .putInt(bytes.length)
        .put(bytes)
        .array();
  }

  private static ByteBuffer buffer(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
