package io.maskstream.camera;

import java.time.Duration;
import org.bytedeco.ffmpeg.avformat.AVIOInterruptCB;
import org.bytedeco.javacpp.Pointer;

/// FFmpeg asks it, while it waits for a source, whether to give up. Owned by the source's thread,
/// which also closes it; FFmpeg calls it on that thread.
final class Deadline extends AVIOInterruptCB.Callback_Pointer {

  private final Cancellation cancellation;
  private long nanos;

  Deadline(Cancellation cancellation) {
    super();
    this.cancellation = cancellation;
  }

  /// Starts anew.
  void within(Duration duration) {
    nanos = System.nanoTime() + duration.toNanos();
  }

  boolean isOver() {
    return System.nanoTime() - nanos > 0;
  }

  boolean isCancelled() {
    return cancellation.isCancelled();
  }

  /// Not zero tells FFmpeg to give up.
  @Override
  public int call(Pointer opaque) {
    return isCancelled() || isOver() ? 1 : 0;
  }
}
