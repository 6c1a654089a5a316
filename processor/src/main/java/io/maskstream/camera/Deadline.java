package io.maskstream.camera;

import java.time.Duration;
import org.bytedeco.ffmpeg.avformat.AVIOInterruptCB;
import org.bytedeco.javacpp.Pointer;

/// Makes FFmpeg give up a source that says nothing: it asks again and again while it waits.
///
/// Owned and closed by the demuxer, after the last call into FFmpeg. Abandoned from any thread.
final class Deadline implements AutoCloseable {

  private final Duration patience;
  private final Callback question = new Callback();
  private final AVIOInterruptCB callback = new AVIOInterruptCB();
  private volatile long startNanos = System.nanoTime();
  private volatile boolean abandoned;
  private volatile boolean gaveUp;

  Deadline(Duration patience) {
    this.patience = patience;
    callback.callback(question);
  }

  AVIOInterruptCB callback() {
    return callback;
  }

  /// A new wait begins.
  void restart() {
    startNanos = System.nanoTime();
  }

  void abandon() {
    abandoned = true;
  }

  /// Whether FFmpeg was told to stop; its own error then says something else.
  boolean gaveUp() {
    return gaveUp;
  }

  private boolean passed() {
    gaveUp |= abandoned || System.nanoTime() - startNanos > patience.toNanos();
    return gaveUp;
  }

  /// Why FFmpeg was stopped.
  String verdict() {
    return abandoned
        ? "stopped"
        : "it said nothing for " + patience.toMillis() / 1000.0 + " s and was abandoned";
  }

  @Override
  public void close() {
    callback.close();
    question.close();
  }

  private final class Callback extends AVIOInterruptCB.Callback_Pointer {
    @Override
    public int call(Pointer opaque) {
      return passed() ? 1 : 0;
    }
  }
}
