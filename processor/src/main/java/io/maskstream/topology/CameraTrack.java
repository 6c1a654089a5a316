package io.maskstream.topology;

import io.maskstream.inference.Segmented;
import io.maskstream.shadow.Candidate;
import io.maskstream.topology.Releases.Chosen;
import io.maskstream.video.Decoder;
import io.maskstream.video.Frame;
import io.maskstream.video.Size;
import io.maskstream.wire.Codec;
import io.maskstream.wire.Identity;
import io.maskstream.wire.Marker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/// What a task holds of one camera: its decoder, the access units inside it, and the answers that
/// wait for their turn. Not thread-safe.
final class CameraTrack implements AutoCloseable {

  final String cameraId;
  final Progress progress;

  /// Fed, and without a result so far; by offset.
  final Map<Long, Fed> inDecoder = new HashMap<>();

  /// In presentation order.
  final ArrayDeque<Answer> answers = new ArrayDeque<>();

  /// The releases of pictures that are being converted, by offset.
  final Map<Long, Chosen> chosen = new HashMap<>();

  /// Candidates that look on at pictures that are being converted, by offset.
  final Map<Long, Onlooker> onlookers = new HashMap<>();

  /// Effective time of the release that was chosen last; no later picture goes back behind it.
  Instant releaseSince;

  /// Milliseconds of wall-clock time in which the task ran and the camera sent nothing.
  long quietMillis;

  /// Whether the camera's windows are final, nothing having come for so long.
  boolean silent;

  /// Kafka's timestamp of the last record.
  long lastTimestamp;

  private @Nullable Decoder decoder;
  private @Nullable Session session;
  private long lastSequence = -1;

  CameraTrack(String cameraId, Progress progress) {
    this.cameraId = cameraId;
    this.progress = progress;
    this.releaseSince = progress.releaseSince();
  }

  @Nullable Decoder decoder() {
    return decoder;
  }

  /// Whether the open decoder is one for this session.
  boolean decodes(Session wanted) {
    return decoder != null && wanted.equals(session);
  }

  void open(Decoder opened, Session of) {
    decoder = opened;
    session = of;
  }

  void closeDecoder() {
    if (decoder != null) {
      decoder.close();
      decoder = null;
      session = null;
    }
  }

  /// @return sequence numbers left out since the last access unit of the same session
  long missingBefore(Identity identity, boolean sameSession) {
    long missing = sameSession && lastSequence >= 0 ? identity.sequence() - lastSequence - 1 : 0;
    lastSequence = identity.sequence();
    return Math.max(0, missing);
  }

  /// Keeps a picture for its candidate.
  void converted(long offset, Frame frame) {
    Onlooker onlooker = onlookers.get(offset);
    if (onlooker == null) {
      frame.close();
    } else {
      onlookers.put(offset, new Onlooker(onlooker.candidate(), frame));
    }
  }

  void forgetOnlooker(long offset) {
    Onlooker onlooker = onlookers.remove(offset);
    if (onlooker != null && onlooker.frame() != null) {
      onlooker.frame().close();
    }
  }

  void forgetOnlookers() {
    List.copyOf(onlookers.keySet()).forEach(this::forgetOnlooker);
  }

  /// Whether nothing of the camera is left unanswered.
  boolean empty() {
    return inDecoder.isEmpty() && answers.isEmpty();
  }

  /// Frees the decoder and gives up what is in the segmenter, which closes its frames itself.
  @Override
  public void close() {
    closeDecoder();
    inDecoder.clear();
    chosen.clear();
    forgetOnlookers();
    answers.forEach(Answer::cancel);
    answers.clear();
  }

  /// What one decoder decodes.
  record Session(String id, Codec codec) {}

  /// An access unit inside the decoder; its picture stays in the log.
  record Fed(long offset, Identity identity, Headers headers) {}

  /// A candidate that looks on.
  ///
  /// @param frame the picture on its grid; null until it is converted
  record Onlooker(Candidate candidate, @Nullable Frame frame) {}

  /// An answer in the making.
  sealed interface Answer {
    Fed of();

    boolean ready();

    void cancel();

    /// There will be no pixels.
    record Marked(Fed of, Marker marker) implements Answer {
      @Override
      public boolean ready() {
        return true;
      }

      @Override
      public void cancel() {}
    }

    /// The picture is in the segmenter of its release.
    record Submitted(
        Fed of,
        Size sourceSize,
        Duration decode,
        Chosen release,
        CompletableFuture<Segmented> classMap)
        implements Answer {
      @Override
      public boolean ready() {
        return classMap.isDone();
      }

      @Override
      public void cancel() {
        classMap.cancel(true);
      }
    }
  }
}
