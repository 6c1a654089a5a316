package io.maskstream.camera;

/// Finds the start codes 00 00 01 that divide MPEG byte streams.
final class StartCodes {

  private StartCodes() {}

  /// @return the index of the byte behind the next start code, from an index on; the length if
  ///   there is none
  static int behindNext(byte[] bytes, int from) {
    for (int i = from + 2; i < bytes.length; i++) {
      if (bytes[i] > 1 || bytes[i] < 0) {
        i += 2;
      } else if (bytes[i] == 1 && bytes[i - 1] == 0 && bytes[i - 2] == 0) {
        return i + 1;
      }
    }
    return bytes.length;
  }
}
