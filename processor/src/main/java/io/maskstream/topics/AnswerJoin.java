package io.maskstream.topics;

import io.maskstream.wire.FrameStatistics;
import io.maskstream.wire.Identity;
import io.maskstream.wire.Mask;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Joins masks with their statistics by identity, camera by camera and in the masks' order.
///
/// The two topics keep what they hold for different times, so either side may miss records; within
/// one camera both are in the same order, and what comes later tells that something is missing. Not
/// thread-safe.
///
/// @param <M> what is kept of a mask until its statistics come; without pixels it may wait long
public final class AnswerJoin<M> {

  /// Records of one side that may wait for the other; the oldest goes when there are more.
  private static final int MOST_WAITING = 20_000;

  private final Function<Answer.OfMask, M> kept;
  private final Sink<M> sink;
  private final Map<String, Camera> cameras = new HashMap<>();

  /// @param kept takes from a mask what the sink needs of it
  public AnswerJoin(Function<Answer.OfMask, M> kept, Sink<M> sink) {
    this.kept = kept;
    this.sink = sink;
  }

  /// Takes joined answers.
  ///
  /// @param <M> what was kept of a mask
  @FunctionalInterface
  public interface Sink<M> {

    /// @param statistics of the mask; null if they are not there
    void accept(M mask, @Nullable FrameStatistics statistics);
  }

  public void add(Answer answer) {
    switch (answer) {
      case Answer.OfMask mask -> camera(mask.mask().identity()).mask(mask);
      case Answer.OfStatistics(_, var statistics) ->
          camera(statistics.identity()).statistics(statistics);
      case Answer.Unreadable _ -> {}
    }
  }

  /// Hands over the masks that still wait: their statistics will not come.
  public void flush() {
    cameras.values().forEach(camera -> camera.release(null));
  }

  /// Whether masks wait for their statistics.
  public boolean isWaiting() {
    return cameras.values().stream().anyMatch(camera -> !camera.masks.isEmpty());
  }

  private Camera camera(Identity identity) {
    return cameras.computeIfAbsent(identity.cameraId(), _ -> new Camera());
  }

  private record Key(String sessionId, long sequence) {

    static Key of(Identity identity) {
      return new Key(identity.sessionId(), identity.sequence());
    }
  }

  private record Waiting<M>(Key key, M mask) {}

  private final class Camera {

    private final Queue<Waiting<M>> masks = new ArrayDeque<>();
    private final Set<Key> maskKeys = new HashSet<>();
    private final Map<Key, FrameStatistics> statistics = new LinkedHashMap<>();

    void mask(Answer.OfMask answer) {
      Mask mask = answer.mask();
      Key key = Key.of(mask.identity());
      FrameStatistics own = statistics.get(key);
      if (own == null) {
        masks.add(new Waiting<>(key, kept.apply(answer)));
        maskKeys.add(key);
        if (masks.size() > MOST_WAITING) {
          first(null);
        }
        return;
      }
      release(null);
      dropUpTo(key);
      sink.accept(kept.apply(answer), own);
    }

    void statistics(FrameStatistics added) {
      Key key = Key.of(added.identity());
      if (maskKeys.contains(key)) {
        release(key);
        first(added);
        return;
      }
      statistics.put(key, added);
      if (statistics.size() > MOST_WAITING) {
        Iterator<Key> oldest = statistics.keySet().iterator();
        oldest.next();
        oldest.remove();
      }
    }

    /// Hands over the masks before a key without statistics; all of them if it is null.
    void release(@Nullable Key before) {
      for (Waiting<M> head = masks.peek();
          head != null && !head.key().equals(before);
          head = masks.peek()) {
        first(null);
      }
    }

    private void first(@Nullable FrameStatistics own) {
      Waiting<M> head = masks.remove();
      maskKeys.remove(head.key());
      sink.accept(head.mask(), own);
    }

    private void dropUpTo(Key key) {
      for (Iterator<Key> keys = statistics.keySet().iterator(); keys.hasNext(); ) {
        boolean last = keys.next().equals(key);
        keys.remove();
        if (last) {
          return;
        }
      }
    }
  }
}
