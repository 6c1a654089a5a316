package io.maskstream.topology;

import io.maskstream.topology.StreamSettings.RecordLimits;

/// How large a mask may be. A record that its topic refuses would break its transaction, again
/// after every restart, so the topic is asked when the stream starts. Written by the thread that
/// starts the stream, read by its own.
final class MaskLimit {

  private volatile int bytes;

  /// @param bytes that the settings allow
  MaskLimit(int bytes) {
    this.bytes = bytes;
  }

  int bytes() {
    return bytes;
  }

  /// @param recordBytes that the topic takes, the batch around the record included
  void fit(int recordBytes) {
    bytes = Math.min(bytes, Math.max(recordBytes - RecordLimits.ROOM, recordBytes / 2));
  }
}
