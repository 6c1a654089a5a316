package io.maskstream.view;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What waits to be written to one client. It never grows beyond a bound: a client that is too slow
/// loses everything up to the next keyframe of each camera, and is told how much. Thread-safe.
final class Outbox {

  static final long MOST_BYTES = 16L << 20;
  static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

  private final Set<String> cameras;

  /// Cameras whose keyframe is among what was handed out or waits.
  private final Set<String> flowing = new HashSet<>();

  /// Cameras that have had a keyframe: what they lack from then on is lost.
  private final Set<String> begun = new HashSet<>();

  private final Deque<Waiting> queue = new ArrayDeque<>();
  private long bytes;
  private long dropped;
  private String trouble = "";
  private boolean closed;

  private record Waiting(Message message, long since) {}

  Outbox(Set<String> cameras) {
    this.cameras = Set.copyOf(cameras);
  }

  Set<String> cameras() {
    return cameras;
  }

  synchronized void offer(Message message) {
    if (closed || !cameras.contains(message.cameraId())) {
      return;
    }
    long now = System.nanoTime();
    Waiting oldest = queue.peek();
    boolean late = oldest != null && now - oldest.since() > LONGEST_WAIT.toNanos();
    if (late || bytes + message.size() > MOST_BYTES) {
      dropped += queue.size();
      queue.clear();
      bytes = 0;
      flowing.clear();
    }
    if (message.keyframe()) {
      flowing.add(message.cameraId());
      begun.add(message.cameraId());
    }
    if (!flowing.contains(message.cameraId())) {
      dropped += begun.contains(message.cameraId()) ? 1 : 0;
      return;
    }
    queue.add(new Waiting(message, now));
    bytes += message.size();
    notifyAll();
  }

  /// The next message; null if none comes in time, or this is closed.
  synchronized @Nullable Message take(Duration wait) throws InterruptedException {
    long end = System.nanoTime() + wait.toNanos();
    while (queue.isEmpty() && !closed) {
      long millis = (end - System.nanoTime()) / 1_000_000;
      if (millis <= 0) {
        return null;
      }
      wait(millis);
    }
    Waiting head = queue.poll();
    if (head == null) {
      return null;
    }
    bytes -= head.message().size();
    return head.message();
  }

  /// Pictures that the client lost because it was slow.
  synchronized long dropped() {
    return dropped;
  }

  /// Bytes that wait.
  synchronized long bytes() {
    return bytes;
  }

  /// Why nothing comes, for a person; empty if all is well.
  synchronized String trouble() {
    return trouble;
  }

  synchronized void trouble(String why) {
    trouble = why;
  }

  synchronized boolean isClosed() {
    return closed;
  }

  synchronized void close() {
    closed = true;
    queue.clear();
    bytes = 0;
    notifyAll();
  }
}
