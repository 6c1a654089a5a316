package io.maskstream.view;

import io.maskstream.topics.LiveReader.Live;
import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.FrameStatistics;
import io.maskstream.wire.Identity;
import io.maskstream.wire.Mask;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Brings the access units of one camera together with their answers, by identity. They leave in
/// decoding order, each as soon as it and those before it are answered, or have waited too long. So
/// a picture and its masks travel as one, and nobody downstream has to wait for anything. Not
/// thread-safe.
final class Pairing {

  /// How long an access unit waits for its answer; then it is shown without.
  static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

  /// A candidate that has been silent for so long is not waited for.
  private static final Duration CANDIDATE_SILENT = Duration.ofSeconds(2);

  private static final long MOST_BYTES = 16L << 20;

  /// Answers that wait for their access unit, or come after it has left, are kept no longer.
  private static final int MOST_PARTS = 512;

  private final Consumer<Picture> sink;
  private final Deque<Parts> waiting = new ArrayDeque<>();
  private final Map<Key, Parts> parts =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Parts> eldest) {
          return size() > MOST_PARTS;
        }
      };
  private long waitingBytes;
  private long candidateNanos;
  private @Nullable Identity newestCandidate;

  Pairing(Consumer<Picture> sink) {
    this.sink = sink;
  }

  /// @param now of System.nanoTime
  void add(Live live, long now) {
    switch (live) {
      case Live.Unit(AccessUnit unit) -> {
        if (!unit.endOfSession()) {
          Parts own = parts(unit.identity());
          own.unit = unit;
          own.arrived = now;
          waiting.add(own);
          waitingBytes += unit.data().remaining();
        }
      }
      case Live.Statistics(FrameStatistics statistics) ->
          parts(statistics.identity()).statistics = statistics;
      case Live.Answered(Mask mask, boolean shadow) -> {
        if (shadow) {
          parts(mask.identity()).candidate = mask;
          newestCandidate = mask.identity();
          candidateNanos = now;
        } else {
          parts(mask.identity()).mask = mask;
        }
      }
    }
  }

  /// Hands over what is ready.
  ///
  /// @param now of System.nanoTime
  void release(long now) {
    for (Parts head = waiting.peek(); head != null && isReady(head, now); head = waiting.peek()) {
      waiting.remove();
      AccessUnit unit = head.unit();
      waitingBytes -= unit.data().remaining();
      parts.remove(Key.of(unit.identity()));
      sink.accept(new Picture(unit, head.mask, head.candidate, head.statistics));
    }
  }

  private boolean isReady(Parts head, long now) {
    boolean answered = head.mask != null && head.statistics != null;
    return answered && !expectsCandidate(head, now)
        || now - head.arrived > LONGEST_WAIT.toNanos()
        || waitingBytes > MOST_BYTES;
  }

  /// Candidates come in presentation order, and may be asked about a share of the pictures only: a
  /// later one tells that this picture has none.
  private boolean expectsCandidate(Parts head, long now) {
    Identity newest = newestCandidate;
    Identity own = head.unit().identity();
    return head.candidate == null
        && newest != null
        && now - candidateNanos < CANDIDATE_SILENT.toNanos()
        && !(newest.sessionId().equals(own.sessionId()) && newest.pts() > own.pts());
  }

  private Parts parts(Identity identity) {
    return parts.computeIfAbsent(Key.of(identity), _ -> new Parts());
  }

  private record Key(String sessionId, long sequence) {

    static Key of(Identity identity) {
      return new Key(identity.sessionId(), identity.sequence());
    }
  }

  /// What has come of one picture.
  private static final class Parts {

    private @Nullable AccessUnit unit;
    private long arrived;
    private @Nullable Mask mask;
    private @Nullable Mask candidate;
    private @Nullable FrameStatistics statistics;

    /// Only what has a unit waits.
    AccessUnit unit() {
      if (unit == null) {
        throw new IllegalStateException("no access unit waits here");
      }
      return unit;
    }
  }
}
