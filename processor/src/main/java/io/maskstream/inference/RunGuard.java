package io.maskstream.inference;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.RunOptions;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Ends runs of one session that go past their deadline. ONNX Runtime looks at the flag between two
/// nodes of the graph, so a run ends after the node it is in.
///
/// The session's owner begins and ends runs; any thread may stop them.
final class RunGuard implements AutoCloseable {

  private final RunOptions options;
  private final ScheduledThreadPoolExecutor timer;
  private @Nullable Future<?> alarm;
  private long run;
  private boolean running;
  private boolean late;
  private boolean stopped;

  RunGuard() throws OrtException {
    options = new RunOptions();
    timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("inference-deadline").factory());
    timer.setRemoveOnCancelPolicy(true);
  }

  /// Begins a run.
  ///
  /// @return the options to run with
  synchronized RunOptions begin(Duration deadline) throws OrtException {
    if (stopped) {
      throw new InferenceException("the segmenter is closed");
    }
    options.setTerminate(false);
    running = true;
    late = false;
    long current = ++run;
    alarm = timer.schedule(() -> expire(current), deadline.toNanos(), TimeUnit.NANOSECONDS);
    return options;
  }

  /// Ends the run begun last.
  synchronized void end() {
    running = false;
    if (alarm != null) {
      alarm.cancel(false);
    }
  }

  /// Whether the run ended last had gone past its deadline.
  synchronized boolean wasLate() {
    return late;
  }

  /// Ends the present run and refuses others.
  synchronized void stop() {
    stopped = true;
    terminate();
  }

  private synchronized void expire(long expired) {
    if (running && run == expired) {
      late = true;
      terminate();
    }
  }

  private void terminate() {
    if (running) {
      try {
        options.setTerminate(true);
      } catch (OrtException e) {
        throw new InferenceException("a run could not be ended", e);
      }
    }
  }

  /// Only after the last run has ended.
  @Override
  public synchronized void close() {
    stopped = true;
    timer.shutdownNow();
    options.close();
  }
}
