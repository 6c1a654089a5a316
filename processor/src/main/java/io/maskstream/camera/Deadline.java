package io.maskstream.camera;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOInterruptCB;
import org.bytedeco.javacpp.Pointer;

/// FFmpeg asks it, while it waits for a source, whether to give up. Owned by the source's thread,
/// which also closes it, after the context that it guards.
///
/// JavaCPP has room for ten callbacks of a kind, and never calls an eleventh; so all deadlines
/// share one, which tells them apart by the number that FFmpeg hands back.
final class Deadline implements AutoCloseable {

  private static final Map<Long, Deadline> OPEN = new ConcurrentHashMap<>();
  private static final AtomicLong NUMBERS = new AtomicLong();
  private static final Question QUESTION = new Question();

  private final Cancellation cancellation;
  private final long number = NUMBERS.incrementAndGet();
  private volatile long nanos = System.nanoTime();

  Deadline(Cancellation cancellation) {
    this.cancellation = cancellation;
    OPEN.put(number, this);
  }

  /// Makes FFmpeg ask while it works on this context.
  void guard(AVFormatContext context) {
    context.interrupt_callback().callback(QUESTION).opaque(new Number(number));
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

  @Override
  public void close() {
    OPEN.remove(number);
  }

  /// A number in the place of an address, which nobody follows.
  private static final class Number extends Pointer {
    Number(long number) {
      address = number;
    }
  }

  /// The one callback.
  private static final class Question extends AVIOInterruptCB.Callback_Pointer {

    /// Not zero tells FFmpeg to give up.
    @Override
    public int call(Pointer opaque) {
      Deadline deadline = OPEN.get(opaque.address());
      return deadline == null || deadline.isCancelled() || deadline.isOver() ? 1 : 0;
    }
  }
}
