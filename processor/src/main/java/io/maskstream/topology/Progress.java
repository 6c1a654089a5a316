package io.maskstream.topology;

import io.maskstream.wire.CameraProgress;
import io.maskstream.wire.ModelHistory;
import java.time.Instant;
import java.util.TreeSet;

/// Which access units of one camera have been answered, and from where decoding has to start again
/// to answer the rest. Offsets are those of the camera's partition. Not thread-safe.
///
/// The rule that makes every answer come exactly once, whatever the decoder does when it is fed a
/// second time: offset o is due if it lies after [#answeredThrough] or is one of the unanswered
/// before it, which reordering (B-frames) held back.
final class Progress {

  private long restartOffset;
  private long answeredThrough;
  private final TreeSet<Long> unanswered;

  /// Fed to a decoder of this very task, and not answered yet.
  private final TreeSet<Long> outstanding = new TreeSet<>();

  /// Fed, and decoding can start there.
  private final TreeSet<Long> starts = new TreeSet<>();

  private String sessionId;
  private boolean settled;
  private Instant releaseSince;

  private Progress(
      long restartOffset,
      long answeredThrough,
      TreeSet<Long> unanswered,
      String sessionId,
      boolean settled,
      Instant releaseSince) {
    this.restartOffset = restartOffset;
    this.answeredThrough = answeredThrough;
    this.unanswered = unanswered;
    this.sessionId = sessionId;
    this.settled = settled;
    this.releaseSince = releaseSince;
  }

  /// Of a camera that is seen for the first time.
  static Progress startingAt(long offset) {
    return new Progress(offset, offset - 1, new TreeSet<>(), "", false, ModelHistory.BEGINNING);
  }

  static Progress of(CameraProgress stored) {
    TreeSet<Long> unanswered = new TreeSet<>();
    for (long offset : stored.unanswered()) {
      unanswered.add(offset);
    }
    return new Progress(
        stored.restartOffset(),
        stored.answeredThrough() - 1,
        unanswered,
        stored.sessionId(),
        stored.settled(),
        stored.releaseSince());
  }

  CameraProgress toRecord(Instant changedAt) {
    return new CameraProgress(
        restartOffset,
        answeredThrough + 1,
        unanswered.stream().mapToLong(Long::longValue).toArray(),
        sessionId,
        settled,
        releaseSince,
        changedAt);
  }

  /// Decoding has to start here to answer what is not answered.
  long restartOffset() {
    return restartOffset;
  }

  long answeredThrough() {
    return answeredThrough;
  }

  String sessionId() {
    return sessionId;
  }

  /// Effective time of the release that made the last answer.
  Instant releaseSince() {
    return releaseSince;
  }

  /// A release has made an answer that goes out.
  void served(Instant since) {
    releaseSince = since;
  }

  /// Whether all that the camera has sent is answered, so that a restart has nothing to decode.
  boolean settled() {
    return settled;
  }

  /// Whether the access unit still needs an answer that nothing in this task is making already.
  boolean due(long offset) {
    return (offset > answeredThrough || unanswered.contains(offset))
        && !outstanding.contains(offset);
  }

  /// Everything so far is answered and a new decoder starts with this access unit.
  void startOver(long offset) {
    restartOffset = offset;
    starts.clear();
  }

  /// An access unit goes into the decoder.
  ///
  /// @param start whether decoding can start with it
  void fed(long offset, String session, boolean start) {
    sessionId = session;
    settled = false;
    if (due(offset)) {
      outstanding.add(offset);
    }
    if (start && offset > restartOffset) {
      starts.add(offset);
    }
  }

  /// The answer of an access unit goes out.
  void answered(long offset) {
    outstanding.remove(offset);
    if (offset > answeredThrough) {
      unanswered.addAll(outstanding.subSet(answeredThrough, false, offset, false));
      answeredThrough = offset;
    } else {
      unanswered.remove(offset);
    }
    moveRestart();
  }

  /// Retention has deleted everything before this offset.
  ///
  /// @return unanswered access units that are gone
  TreeSet<Long> lostBefore(long offset) {
    TreeSet<Long> lost = new TreeSet<>(unanswered.headSet(offset));
    restartOffset = Math.max(restartOffset, offset);
    return lost;
  }

  /// Nothing is in a decoder or a queue any more.
  void settle() {
    settled = true;
  }

  /// To the youngest start that is answered, with everything fed before it. Its own answer comes
  /// after those of its leading pictures (open GOP), which need the GOP before.
  private void moveRestart() {
    long oldestOpen =
        Math.min(
            outstanding.isEmpty() ? Long.MAX_VALUE : outstanding.first(),
            unanswered.isEmpty() ? Long.MAX_VALUE : unanswered.first());
    Long start = starts.lower(oldestOpen);
    if (start != null) {
      restartOffset = start;
      starts.headSet(start, true).clear();
    }
  }
}
