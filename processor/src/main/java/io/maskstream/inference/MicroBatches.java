package io.maskstream.inference;

import io.maskstream.video.Frame;
import io.maskstream.video.Size;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;

/// Groups waiting frames of one size into micro-batches, first come first served across cameras. A
/// micro-batch closes when it is full, or when its oldest frame has waited the longest wait. Not
/// thread-safe; time is a parameter.
final class MicroBatches {

  /// A frame waiting for its class map.
  ///
  /// @param sinceNanos when it was submitted, on the owner's clock
  record Waiting(Frame frame, CompletableFuture<Segmented> answer, long sinceNanos) {}

  private final int max;
  private final long waitNanos;
  private final Map<Size, Queue<Waiting>> bySize = new LinkedHashMap<>();
  private int count;

  MicroBatches(int max, long waitNanos) {
    this.max = max;
    this.waitNanos = waitNanos;
  }

  void add(Waiting waiting) {
    bySize.computeIfAbsent(waiting.frame().size(), _ -> new ArrayDeque<>()).add(waiting);
    count++;
  }

  /// Takes the closed micro-batch whose oldest frame has waited longest; empty if none is closed.
  List<Waiting> poll(long nowNanos) {
    Optional<Queue<Waiting>> closed =
        bySize.values().stream()
            .filter(queue -> queue.size() >= max || nanosLeft(queue, nowNanos) <= 0)
            .min(Comparator.comparingLong(queue -> nanosLeft(queue, nowNanos)));
    List<Waiting> batch = new ArrayList<>();
    closed.ifPresent(queue -> {
      while (batch.size() < max && !queue.isEmpty()) {
        batch.add(queue.remove());
      }
      if (queue.isEmpty()) {
        bySize.values().remove(queue);
      }
    });
    count -= batch.size();
    return batch;
  }

  /// How long until a micro-batch closes if nothing else is submitted; at most zero if one is
  /// closed, [Long#MAX_VALUE] if nothing waits.
  long nanosUntilClosed(long nowNanos) {
    return bySize.values().stream()
        .mapToLong(queue -> queue.size() >= max ? 0 : nanosLeft(queue, nowNanos))
        .min()
        .orElse(Long.MAX_VALUE);
  }

  private long nanosLeft(Queue<Waiting> queue, long nowNanos) {
    return queue.element().sinceNanos() + waitNanos - nowNanos;
  }

  /// Takes everything that waits.
  List<Waiting> drain() {
    List<Waiting> all = bySize.values().stream().flatMap(Queue::stream).toList();
    bySize.clear();
    count = 0;
    return all;
  }

  /// Frames waiting.
  int count() {
    return count;
  }
}
