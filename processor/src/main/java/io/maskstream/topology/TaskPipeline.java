package io.maskstream.topology;

import io.maskstream.topology.CameraTrack.Answer;
import io.maskstream.topology.CameraTrack.Answer.Submitted;
import io.maskstream.topology.CameraTrack.Fed;
import io.maskstream.topology.CameraTrack.Session;
import io.maskstream.topology.FrameLog.Logged;
import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.WireException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One task's way from access unit to answer: decoders, the segmenter, the answers in the order of
/// each camera, and what has to be remembered of them.
///
/// Nothing waits at a commit. What has been consumed and not answered is decoded anew from the log
/// after a restart, and [Progress] says what that is; its put goes out in the transaction of the
/// answer. Only the segmenter's threads run beside the owner's, and all they do is to complete
/// futures. Not thread-safe.
final class TaskPipeline implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TaskPipeline.class);

  private final int partition;
  private final StreamParts parts;
  private final ProgressStore store;
  private final Outlet outlet;
  private final Map<String, CameraTrack> tracks = new HashMap<>();

  /// Cameras with answers that wait.
  private final Set<CameraTrack> answering = new LinkedHashSet<>();

  private final InFlight inFlight;
  private final Decoding decoding;

  /// Whether records come from the log a second time.
  private boolean replaying;

  /// Kafka's timestamp of the newest record.
  private long newestTimestamp;

  /// Milliseconds of wall-clock time in which the task ran and no record came.
  private long quietMillis;

  TaskPipeline(int partition, StreamParts parts, ProgressStore store, Outlet outlet) {
    this.partition = partition;
    this.parts = parts;
    this.store = store;
    this.outlet = outlet;
    // Half of the transaction's time, because what was answered before is in it already.
    this.inFlight = new InFlight(parts.settings().transactionTimeout().dividedBy(2));
    this.decoding = new Decoding(partition, parts, inFlight, answering);
  }

  /// Takes one record: feeds its access unit, or puts it to the dead letters.
  void accept(Logged record) {
    quietMillis = 0;
    newestTimestamp = Math.max(newestTimestamp, record.timestamp());
    AccessUnit unit;
    try {
      unit = Intake.read(record, parts.settings().limits().inputBytes());
    } catch (WireException e) {
      if (record.offset() > store.deadLetteredThrough()) {
        WholeStep.take(() -> {
          outlet.deadLetter(record, e);
          store.deadLettered(record.offset());
        });
      }
      return;
    }
    CameraTrack track = tracks.get(unit.identity().cameraId());
    if (unit.endOfSession()) {
      if (track != null && track.progress.sessionId().equals(unit.identity().sessionId())) {
        decoding.empty(track);
        settle(track);
      }
    } else if (track == null) {
      CameraTrack first =
          new CameraTrack(unit.identity().cameraId(), Progress.startingAt(record.offset()));
      tracks.put(first.cameraId, first);
      feed(first, unit, record, true);
    } else if (record.offset() >= track.progress.restartOffset()) {
      feed(track, unit, record, track.progress.settled());
    }
  }

  /// Hands on every answer whose turn has come.
  void pump() {
    for (Iterator<CameraTrack> each = answering.iterator(); each.hasNext(); ) {
      CameraTrack track = each.next();
      for (Answer head = track.answers.peek();
          head != null && head.ready();
          head = track.answers.peek()) {
        track.answers.remove();
        if (head instanceof Submitted) {
          inFlight.answered();
        }
        answer(track, head);
      }
      if (track.answers.isEmpty()) {
        each.remove();
        settle(track);
      }
    }
  }

  private void answer(CameraTrack track, Answer answer) {
    WholeStep.take(() -> {
      outlet.answer(answer);
      track.progress.answered(answer.of().offset());
      if (answer instanceof Submitted submitted) {
        track.progress.served(submitted.release().since());
      }
      store.put(track);
    });
  }

  /// Waits until no more than the allowed number of frames is in the segmenter, and for nothing but
  /// this task's own frames: another task's would never move, its turn being after this one's.
  void makeRoom() {
    while (inFlight.frames() > parts.settings().inFlight()) {
      inFlight.awaitOldest();
      pump();
    }
  }

  /// Whether answers wait.
  boolean answering() {
    return !answering.isEmpty();
  }

  /// Whether silence can still have a meaning for some camera.
  boolean listening() {
    return tracks.values().stream().anyMatch(track -> track.decoder() != null || !track.silent);
  }

  /// Lets time pass, and empties the decoders of cameras that have been silent for too long: what
  /// reordering holds back would otherwise never come out. Silence of a window's length makes the
  /// camera's windows final. Time in which the task did not run does not count, nor does the wait
  /// of records in a backlog.
  void passed(Duration time) {
    long millis = time.toMillis();
    quietMillis += millis;
    for (CameraTrack track : tracks.values()) {
      track.quietMillis += millis;
      if (track.decoder() != null && quietFor(track, parts.settings().timing().idle())) {
        decoding.empty(track);
        settle(track);
        parts.observer().cameraIdle(track.cameraId);
      }
      if (!track.silent && track.empty() && quietFor(track, parts.settings().timing().silence())) {
        track.silent = true;
        WholeStep.take(() -> outlet.silent(track.cameraId));
      }
    }
  }

  private boolean quietFor(CameraTrack track, Duration silence) {
    long wanted = silence.toMillis();
    return track.quietMillis >= wanted
        && (quietMillis >= wanted || newestTimestamp - track.lastTimestamp >= wanted);
  }

  /// Keeps nothing of cameras that have been silent for the forget time.
  void forget(long nowMillis) {
    for (String cameraId :
        store.settledBefore(nowMillis - parts.settings().timing().forget().toMillis())) {
      CameraTrack track = tracks.remove(cameraId);
      if (track != null) {
        track.close();
      }
      WholeStep.take(() -> {
        store.remove(cameraId);
        outlet.forgotten(cameraId);
      });
    }
  }

  /// Rebuilds, once, what an earlier life of this task held in memory.
  ///
  /// @param first the offset of the first record of this life; negative if none has come
  void recover(long first) {
    Map<String, CameraTrack> unsettled = new HashMap<>();
    store
        .all()
        .forEach((cameraId, progress) -> {
          CameraTrack track = new CameraTrack(cameraId, progress);
          tracks.put(cameraId, track);
          if (!progress.settled()) {
            unsettled.put(cameraId, track);
          }
        });
    if (unsettled.isEmpty()) {
      return;
    }
    long start = System.nanoTime();
    long[] accessUnits = {0};
    try (FrameLog log = parts.logs().open(partition)) {
      long end = first >= 0 ? first : log.committed().orElse(0);
      long held = log.firstOffset();
      unsettled.values().forEach(track -> admitLoss(track, held, end));
      long from =
          unsettled.values().stream()
              .mapToLong(track -> track.progress.restartOffset())
              .min()
              .orElseThrow();
      replaying = true;
      log.replay(
          from,
          end,
          record -> {
            if (unsettled.containsKey(Intake.cameraId(record))) {
              accept(record);
              accessUnits[0]++;
              pump();
              makeRoom();
            }
          });
    } finally {
      replaying = false;
    }
    tracks.values().forEach(this::settle);
    parts
        .observer()
        .recovered(partition, accessUnits[0], Duration.ofNanos(System.nanoTime() - start));
  }

  /// Frees decoders and gives up what is in flight; the log and the store still have it.
  @Override
  public void close() {
    tracks.values().forEach(CameraTrack::close);
    tracks.clear();
    answering.clear();
  }

  /// What retention has deleted before it was answered has no identity any more to answer it by;
  /// its coordinates go to the dead letters.
  private void admitLoss(CameraTrack track, long held, long end) {
    long restart = track.progress.restartOffset();
    if (restart < held && restart < end) {
      LOG.warn(
          "the log no longer holds what the decoder of a camera needs: camera={} partition={} from={} to={}; it goes on at the next keyframe; keep frames for longer (retention.ms, retention.bytes)",
          track.cameraId,
          partition,
          restart,
          held);
      WholeStep.take(() -> {
        for (long lost : track.progress.lostBefore(held)) {
          outlet.lost(track.cameraId, lost);
          track.progress.answered(lost);
        }
        store.put(track);
      });
      parts.observer().retentionLoss(track.cameraId, restart, held);
    }
  }

  private void feed(CameraTrack track, AccessUnit unit, Logged record, boolean remember) {
    long offset = record.offset();
    Session session = new Session(unit.identity().sessionId(), unit.codec());
    if (!replaying) {
      boolean sameSession = session.id().equals(track.progress.sessionId());
      long missing = track.missingBefore(unit.identity(), sameSession);
      if (missing > 0) {
        parts.observer().sequenceGap(track.cameraId, missing);
      }
    }
    boolean fresh = !track.decodes(session) && !wakes(track, unit, session, offset);
    if (fresh) {
      decoding.empty(track);
      if (track.empty()) {
        track.progress.startOver(offset);
      }
      decoding.open(track, unit, session);
    }
    boolean due = track.progress.due(offset);
    if (due) {
      track.inDecoder.put(offset, new Fed(offset, unit.identity(), record.headers()));
    }
    track.progress.fed(offset, session.id(), fresh || unit.keyframe());
    track.quietMillis = 0;
    track.silent = false;
    track.lastTimestamp = record.timestamp();
    if (remember) {
      // In the transaction that consumes the access unit: a crash must find that it is due.
      store.put(track);
    }
    decoding.decode(track, unit, offset, due);
  }

  /// Warms a decoder that silence has emptied and closed: the access unit refers to pictures of
  /// before, which are decoded again for it.
  ///
  /// @return whether a decoder of the session is open now
  private boolean wakes(CameraTrack track, AccessUnit unit, Session session, long offset) {
    if (replaying
        || track.decoder() != null
        || unit.keyframe()
        || !session.id().equals(track.progress.sessionId())) {
      return false;
    }
    replaying = true;
    try (FrameLog log = parts.logs().open(partition)) {
      log.replay(
          Math.max(track.progress.restartOffset(), log.firstOffset()),
          offset,
          record -> {
            if (track.cameraId.equals(Intake.cameraId(record))) {
              accept(record);
            }
          });
    } finally {
      replaying = false;
    }
    return track.decodes(session);
  }

  private void settle(CameraTrack track) {
    if (track.decoder() == null && track.empty() && !track.progress.settled()) {
      track.progress.settle();
      store.put(track);
    }
  }
}
