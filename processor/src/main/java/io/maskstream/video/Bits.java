package io.maskstream.video;

import java.nio.ByteBuffer;

/// Reads the bits of a header, the highest first. Past the end it reads zeros, because headers come
/// from strangers and a wrong size is refused later anyway.
final class Bits {

  private final ByteBuffer bytes;
  private int position;

  /// @param bytes from position to limit; neither is moved
  Bits(ByteBuffer bytes) {
    this.bytes = bytes.slice();
  }

  /// Drops the emulation prevention bytes of a network abstraction layer unit (H.264 7.4.1).
  static Bits ofUnit(ByteBuffer unit) {
    ByteBuffer plain = ByteBuffer.allocate(unit.remaining());
    int zeros = 0;
    for (int i = unit.position(); i < unit.limit(); i++) {
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

  boolean flag() {
    int at = position >> 3;
    int shift = 7 - (position & 7);
    position++;
    return at < bytes.limit() && (bytes.get(at) >> shift & 1) == 1;
  }

  /// @param count at most 32
  long read(int count) {
    long value = 0;
    for (int i = 0; i < count; i++) {
      value = value << 1 | (flag() ? 1 : 0);
    }
    return value;
  }

  Bits skip(int count) {
    position += count;
    return this;
  }

  /// An unsigned Exp-Golomb number (H.264 9.1), the same code as AV1's uvlc.
  long readGolomb() {
    int zeros = 0;
    while (!flag()) {
      if (++zeros == 32) {
        return 0;
      }
    }
    return (1L << zeros) - 1 + read(zeros);
  }

  /// A signed Exp-Golomb number (H.264 9.1.1).
  long readSignedGolomb() {
    long code = readGolomb();
    return (code & 1) == 1 ? (code + 1) / 2 : -(code / 2);
  }
}
