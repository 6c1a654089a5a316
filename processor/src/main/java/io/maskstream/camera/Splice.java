package io.maskstream.camera;

/// Puts bytes between bytes.
final class Splice {

  private Splice() {}

  static byte[] insert(byte[] into, int at, byte[] piece) {
    byte[] joined = new byte[into.length + piece.length];
    System.arraycopy(into, 0, joined, 0, at);
    System.arraycopy(piece, 0, joined, at, piece.length);
    System.arraycopy(into, at, joined, at + piece.length, into.length - at);
    return joined;
  }
}
