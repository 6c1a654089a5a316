package io.maskstream.relabel;

import io.maskstream.wire.FrameStatistics;
import io.maskstream.wire.Identity;
import io.maskstream.wire.LabelCandidate;
import io.maskstream.wire.LabelCandidate.Reason;
import io.maskstream.wire.Marker;
import io.maskstream.wire.Mask;
import io.maskstream.wire.Release;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Chooses of each camera and span of capture time the frame whose mask is most doubtful, if one is
/// doubtful enough. So no camera gives more than its share, and what is chosen is no row of
/// neighbours: two candidates of a camera are half a span apart at least.
///
/// Not thread-safe; time is a parameter.
final class CandidateChoice {

  /// Masks and shadow masks that may wait for their counterpart; the oldest goes when there are
  /// more.
  private static final int MOST_WAITING = 4096;

  /// A camera that has said nothing for so long gives what it has.
  private static final Duration SILENCE = Duration.ofSeconds(30);

  /// A clock that falls back further was wrong before.
  private static final Duration LARGEST_FALL = Duration.ofDays(1);

  private final Rule rule;
  private final Consumer<LabelCandidate> sink;
  private final Map<String, Camera> cameras = new HashMap<>();
  private final Map<Key, Answered> answered = waiting();
  private final Map<Key, Mask> shadows = waiting();

  CandidateChoice(Rule rule, Consumer<LabelCandidate> sink) {
    this.rule = rule;
    this.sink = sink;
  }

  private record Key(String cameraId, String sessionId, long sequence) {
    static Key of(Identity identity) {
      return new Key(identity.cameraId(), identity.sessionId(), identity.sequence());
    }
  }

  private record Answered(Mask mask, FrameStatistics statistics) {}

  /// A candidate that was chosen before this one began.
  void chosen(Identity identity) {
    camera(identity).chosen(identity.captureTime());
  }

  /// A mask that was published, with its statistics.
  void answered(Mask mask, FrameStatistics statistics, Instant now) {
    if (mask.content() instanceof Marker) {
      return;
    }
    camera(mask.identity()).advance(mask.identity().captureTime(), now);
    Answered added = new Answered(mask, statistics);
    Mask shadow = shadows.remove(Key.of(mask.identity()));
    if (shadow != null) {
      compare(added, shadow);
    } else {
      answered.put(Key.of(mask.identity()), added);
    }
    OptionalDouble doubt = Doubt.ofConfidence(statistics);
    if (doubt.isPresent() && 1 - doubt.getAsDouble() < rule.confidenceBelow()) {
      double excess = doubt.getAsDouble() / (1 - rule.confidenceBelow());
      offer(added, Reason.LOW_CONFIDENCE, doubt.getAsDouble(), excess, null);
    }
  }

  /// The mask that another release makes of a frame, unpublished.
  void shadowed(Mask shadow) {
    Answered counterpart = answered.remove(Key.of(shadow.identity()));
    if (counterpart != null) {
      compare(counterpart, shadow);
    } else {
      shadows.put(Key.of(shadow.identity()), shadow);
    }
  }

  /// Hands over what cameras have that fell silent.
  void tick(Instant now) {
    cameras.values().stream()
        .filter(camera -> camera.heard.plus(SILENCE).isBefore(now))
        .forEach(Camera::close);
  }

  /// Hands over the best so far of every camera.
  void flush() {
    cameras.values().forEach(Camera::close);
  }

  private void compare(Answered one, Mask shadow) {
    if (shadow.release() == null || shadow.release().equals(one.mask().release())) {
      return;
    }
    OptionalDouble doubt = Doubt.ofDisagreement(one.mask(), shadow);
    if (doubt.isPresent() && doubt.getAsDouble() > rule.disagreementAbove()) {
      double excess = doubt.getAsDouble() / Math.max(rule.disagreementAbove(), 1e-3);
      offer(one, Reason.DISAGREEMENT, doubt.getAsDouble(), excess, shadow.release());
    }
  }

  /// @param excess how many times the limit; what candidates of different reasons are ranked by
  private void offer(
      Answered of, Reason reason, double doubt, double excess, @Nullable Release other) {
    camera(of.mask().identity())
        .offer(new LabelCandidate(reason, doubt, of.mask(), of.statistics(), other), excess);
  }

  private Camera camera(Identity identity) {
    return cameras.computeIfAbsent(identity.cameraId(), _ -> new Camera());
  }

  private static <V> Map<Key, V> waiting() {
    return new LinkedHashMap<>() {
      @Override
      protected boolean removeEldestEntry(Map.Entry<Key, V> eldest) {
        return size() > MOST_WAITING;
      }
    };
  }

  /// The span of one camera that is open.
  private final class Camera {

    private Instant heard = Instant.EPOCH;
    private long span = Long.MIN_VALUE;
    private @Nullable LabelCandidate best;
    private double excess;
    private @Nullable Instant last;

    void advance(Instant captured, Instant now) {
      heard = now;
      if (span != Long.MIN_VALUE && begin().minus(LARGEST_FALL).isAfter(captured)) {
        close();
        last = null;
        span = Long.MIN_VALUE;
      }
      if (span(captured) > span) {
        close();
        span = span(captured);
        excess = 0;
      }
    }

    void offer(LabelCandidate candidate, double candidateExcess) {
      Instant captured = candidate.identity().captureTime();
      boolean apart = last == null || !captured.isBefore(last.plus(rule.every().dividedBy(2)));
      if (span(captured) == span && apart && candidateExcess > excess) {
        best = candidate;
        excess = candidateExcess;
      }
    }

    void chosen(Instant captured) {
      if (last == null || captured.isAfter(last)) {
        last = captured;
        span = span(captured);
        excess = Double.POSITIVE_INFINITY;
      }
    }

    private Instant begin() {
      return Instant.ofEpochMilli(span * rule.every().toMillis());
    }

    private long span(Instant captured) {
      return captured.toEpochMilli() / rule.every().toMillis();
    }

    void close() {
      LabelCandidate chosen = best;
      if (chosen != null) {
        chosen(chosen.identity().captureTime());
        best = null;
        sink.accept(chosen);
      }
    }
  }
}
