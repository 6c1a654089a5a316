package io.maskstream.bitstream;

import java.nio.ByteBuffer;

/// Reads the bits of a header, the highest first. Past the end it reads zeros, because headers come
/// from strangers and a wrong size is refused later anyway. Not thread-safe.
public final class Bits {

  /// Headers are short; a long unit is not worth copying to its end.
  private static final int LONGEST_HEADER = 1024;

  private final ByteBuffer bytes;
  private int position;

  /// @param bytes from position to limit; neither is moved
  public Bits(ByteBuffer bytes) {
    this.bytes = bytes.slice();
  }

  /// The bytes from one index to before another.
  public static Bits of(byte[] bytes, int from, int to) {
    int start = Math.min(from, to);
    return new Bits(ByteBuffer.wrap(bytes, start, to - start));
  }

  /// What a network abstraction layer unit says first, without its emulation prevention bytes
  /// (H.264 7.4.1).
  ///
  /// @param unit from position to limit; neither is moved
  public static Bits ofUnit(ByteBuffer unit) {
    int length = Math.min(unit.remaining(), LONGEST_HEADER);
    ByteBuffer plain = ByteBuffer.allocate(length);
    int zeros = 0;
    for (int i = unit.position(); i < unit.position() + length; i++) {
      byte b = unit.get(i);
      if (zeros >= 2 && b == 3) {
        zeros = 0;
        continue;
      }
      zeros = b == 0 ? zeros + 1 : 0;
      plain.put(b);
    }
    return new Bits(plain.flip());
  }

  /// The same of the bytes from one index to before another.
  public static Bits ofUnit(byte[] bytes, int from, int to) {
    int start = Math.min(from, to);
    return ofUnit(ByteBuffer.wrap(bytes, start, to - start));
  }

  public boolean flag() {
    int at = position >> 3;
    int shift = 7 - (position & 7);
    position++;
    return at < bytes.limit() && (bytes.get(at) >> shift & 1) == 1;
  }

  /// @param count at most 32
  public long read(int count) {
    long value = 0;
    for (int i = 0; i < count; i++) {
      value = value << 1 | (flag() ? 1 : 0);
    }
    return value;
  }

  public Bits skip(int count) {
    position += count;
    return this;
  }

  /// An unsigned Exp-Golomb number (H.264 9.1, H.265 9.2), the same code as AV1's uvlc.
  public long readGolomb() {
    int zeros = 0;
    while (!flag()) {
      if (++zeros == 32) {
        return 0;
      }
    }
    return (1L << zeros) - 1 + read(zeros);
  }

  /// A signed Exp-Golomb number (H.264 9.1.1).
  public long readSignedGolomb() {
    long code = readGolomb();
    return (code & 1) == 1 ? (code + 1) / 2 : -(code / 2);
  }

  /// Skips what stands before the id in an H.265 sequence parameter set (7.3.2.2.1, 7.3.3).
  public Bits skipToHevcSequenceId() {
    int sublayers = (int) skip(4).read(3);
    skip(1 + 88 + 8);
    int sublayerBits = 0;
    for (int i = 0; i < sublayers; i++) {
      sublayerBits += flag() ? 88 : 0;
      sublayerBits += flag() ? 8 : 0;
    }
    return skip(sublayers > 0 ? 2 * (8 - sublayers) : 0).skip(sublayerBits);
  }
}
