package io.maskstream.topology;

import io.maskstream.video.Decoder;
import io.maskstream.video.Grid;

/// Opens the decoder of one session of one camera. Called on stream threads.
@FunctionalInterface
public interface DecoderFactory {

  /// @param grid the frame size that the release wants
  /// @return a decoder that waits for a keyframe; the caller owns it
  Decoder open(Grid grid);
}
