package io.maskstream.video;

import io.maskstream.wire.AccessUnit;
import java.util.List;

/// Decodes the access units of one session of one camera. Not thread-safe: its owner feeds, drains
/// and closes it on one thread.
public interface Decoder extends AutoCloseable {

  /// Feeds one access unit, in decoding order; never the end of a session, for which there is
  /// [#drain]. If it throws (a grid that fails), the decoder is closed and its frames with it.
  ///
  /// @param ticket identifies the access unit in results; rises from call to call
  /// @param wanted whether its picture is to be converted, or only decoded for those that refer to
  ///   it
  /// @return the results now due, in presentation order, of this and earlier access units
  List<Result> decode(AccessUnit unit, long ticket, boolean wanted);

  /// Ends the session: results of all access units still held back. The decoder then waits for a
  /// keyframe.
  List<Result> drain();

  @Override
  void close();
}
