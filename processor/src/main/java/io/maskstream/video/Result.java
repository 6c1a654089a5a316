package io.maskstream.video;

import io.maskstream.wire.Marker;

/// What became of one access unit. Every ticket ends in exactly one [Decoded], [Passed] or
/// [Damaged]; [Pending] may come before.
public sealed interface Result {

  /// The number under which the access unit was fed.
  long ticket();

  /// Its picture; the receiver owns the frame and closes it.
  record Decoded(long ticket, Frame frame) implements Result {}

  /// The same picture on the grid of another release ([Grid#beside]), before it is [Decoded]; the
  /// receiver owns the frame and closes it.
  record Beside(long ticket, Frame frame) implements Result {}

  /// Its picture came out, but was not wanted and has not been converted.
  record Passed(long ticket) implements Result {}

  /// Its picture is held back by reordering.
  record Pending(long ticket) implements Result {}

  /// It has no picture.
  record Damaged(long ticket, Marker marker) implements Result {}
}
