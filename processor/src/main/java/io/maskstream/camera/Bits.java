package io.maskstream.camera;

/// Reads the bits of a network abstraction layer unit, without its emulation prevention bytes. Past
/// the end it reads zeros. Not thread-safe.
final class Bits {

  private final byte[] bytes;
  private int at;
  private final int end;
  private int zeros;
  private int current;
  private int left;

  Bits(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.at = from;
    this.end = to;
  }

  int read(int count) {
    int value = 0;
    for (int i = 0; i < count; i++) {
      value = value << 1 | bit();
    }
    return value;
  }

  Bits skip(int count) {
    for (int i = 0; i < count; i++) {
      bit();
    }
    return this;
  }

  /// ue(v) of H.264 9.1 and H.265 9.2.
  int readGolomb() {
    int zeroBits = 0;
    while (zeroBits < 31 && bit() == 0) {
      zeroBits++;
    }
    return (1 << zeroBits) - 1 + read(zeroBits);
  }

  /// se(v) of H.264 9.1.1.
  int readSignedGolomb() {
    int code = readGolomb();
    return (code & 1) == 0 ? -(code >>> 1) : (code + 1) >>> 1;
  }

  private int bit() {
    if (left == 0) {
      if (zeros >= 2 && at < end && bytes[at] == 3) {
        at++;
        zeros = 0;
      }
      current = at < end ? bytes[at++] & 0xff : 0;
      zeros = current == 0 ? zeros + 1 : 0;
      left = 8;
    }
    return current >> --left & 1;
  }
}
