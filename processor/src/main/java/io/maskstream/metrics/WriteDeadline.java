package io.maskstream.metrics;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Hangs up on clients that do not read: a thread that writes for too long is interrupted, which
/// closes its connection. The JDK's own limit knows answers only that end, and a live stream does
/// not. Thread-safe.
public final class WriteDeadline {

  private static final Duration LONGEST_WRITE = Duration.ofSeconds(10);

  private static final ScheduledExecutorService CLOCK =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("write-deadline").factory());

  private WriteDeadline() {}

  /// Something that writes to a client.
  @FunctionalInterface
  public interface Write {
    void run() throws IOException;
  }

  /// Writes on this thread, for ten seconds at most.
  ///
  /// @throws IOException if the client is gone, or did not read
  public static void within(Write write) throws IOException {
    Future<?> end =
        CLOCK.schedule(
            Thread.currentThread()::interrupt, LONGEST_WRITE.toMillis(), TimeUnit.MILLISECONDS);
    try {
      write.run();
    } finally {
      end.cancel(false);
    }
  }
}
