package io.maskstream.camera;

import java.util.Arrays;

/// Reads a decoder configuration box. Past its end it reads zeros and empty units: a damaged box
/// gives fewer parameter sets, no failure.
final class BoxReader {

  private final byte[] bytes;
  private int at;

  BoxReader(byte[] bytes, int at) {
    this.bytes = bytes;
    this.at = at;
  }

  int readByte() {
    return at < bytes.length ? bytes[at++] & 0xff : 0;
  }

  int readLength() {
    return readByte() << 8 | readByte();
  }

  /// A network abstraction layer unit with its length before it.
  byte[] readUnit() {
    int length = Math.min(readLength(), bytes.length - at);
    at += length;
    return Arrays.copyOfRange(bytes, at - length, at);
  }
}
