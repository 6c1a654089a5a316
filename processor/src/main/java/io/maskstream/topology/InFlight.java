package io.maskstream.topology;

import io.maskstream.inference.Segmented;
import io.maskstream.inference.Segmenter;
import io.maskstream.video.Frame;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One task's frames in the segmenter: submitted, and not answered yet. Not thread-safe.
final class InFlight {

  private static final Logger LOG = LoggerFactory.getLogger(InFlight.class);

  private final Duration patience;

  /// In the order of submission; those that are done leave it late.
  private final ArrayDeque<CompletableFuture<Segmented>> oldestFirst = new ArrayDeque<>();

  private int frames;

  /// @param patience the longest wait for one frame
  InFlight(Duration patience) {
    this.patience = patience;
  }

  int frames() {
    return frames;
  }

  /// Hands a frame over; a segmenter that refuses it has failed on it.
  CompletableFuture<Segmented> submit(Segmenter segmenter, Frame frame) {
    CompletableFuture<Segmented> classMap;
    try {
      classMap = segmenter.submit(frame);
    } catch (RuntimeException e) {
      frame.close();
      classMap = CompletableFuture.failedFuture(e);
    }
    frames++;
    oldestFirst.add(classMap);
    return classMap;
  }

  /// The answer of a frame has gone out.
  void answered() {
    frames--;
  }

  /// Waits for the oldest frame that is not done.
  ///
  /// @throws IllegalStateException if that takes so long that the transaction would break
  void awaitOldest() {
    while (oldestFirst.getFirst().isDone()) {
      oldestFirst.removeFirst();
    }
    try {
      oldestFirst.getFirst().get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          "the segmenter has not answered for "
              + patience.toMillis()
              + " ms: frames in flight="
              + frames
              + "; a longer wait would break the transaction: use a faster graph, or raise the"
              + " transaction timeout",
          e);
    } catch (ExecutionException | CancellationException e) {
      LOG.debug("a frame failed in the segmenter, and gets a marker", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for the segmenter", e);
    }
  }
}
