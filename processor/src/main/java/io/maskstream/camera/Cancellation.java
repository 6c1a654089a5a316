package io.maskstream.camera;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Tells the threads that open, read or wait to stop. Thread-safe; final once cancelled.
public final class Cancellation {

  private final CountDownLatch cancelled = new CountDownLatch(1);

  public void cancel() {
    cancelled.countDown();
  }

  public boolean isCancelled() {
    return cancelled.getCount() == 0;
  }

  /// Waits, but not beyond the cancellation.
  ///
  /// @return whether it was cancelled
  boolean await(long nanos) {
    try {
      return cancelled.await(nanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      cancel();
      Thread.currentThread().interrupt();
      return true;
    }
  }
}
