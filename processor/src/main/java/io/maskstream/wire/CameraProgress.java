package io.maskstream.wire;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// How far one camera has been answered: the processor's own state, never on a topic for others.
///
/// @param restartOffset of the keyframe from which decoding starts again after a restart
/// @param answeredThrough every access unit before this offset has its answer, but for those
///   unanswered; offsets from here on have none
/// @param unanswered offsets before answeredThrough that still wait for their answer, rising; owned
///   by this record
/// @param sessionId the session being decoded
/// @param settled whether everything that was fed has its answer and no decoder is open, so that a
///   restart has nothing to decode
/// @param releaseSince effective time of the release that made the last answer; no answer goes back
///   behind it
/// @param changedAt when this was written
public record CameraProgress(
    long restartOffset,
    long answeredThrough,
    long[] unanswered,
    String sessionId,
    boolean settled,
    Instant releaseSince,
    Instant changedAt) {

  /// The first byte where no release has been swapped yet; what earlier processors read.
  private static final int NEVER_SWAPPED = 1;

  /// The first byte where one has; a later version reads these too.
  private static final int VERSION = 2;

  /// Of a camera that has only seen the release of the configuration.
  public CameraProgress(
      long restartOffset,
      long answeredThrough,
      long[] unanswered,
      String sessionId,
      boolean settled,
      Instant changedAt) {
    this(
        restartOffset,
        answeredThrough,
        unanswered,
        sessionId,
        settled,
        ModelHistory.BEGINNING,
        changedAt);
  }

  public CameraProgress {
    if (restartOffset < 0 || answeredThrough < 0) {
      throw new IllegalArgumentException(
          "offset is negative: restart=" + restartOffset + " answered_through=" + answeredThrough);
    }
    long previous = -1;
    for (long offset : unanswered) {
      if (offset <= previous || offset >= answeredThrough) {
        throw new IllegalArgumentException(
            "unanswered offsets do not rise below answered_through=%d: %s"
                .formatted(answeredThrough, Arrays.toString(unanswered)));
      }
      previous = offset;
    }
  }

  /// Whether the access unit at this offset has been answered.
  public boolean answered(long offset) {
    return offset < answeredThrough && Arrays.binarySearch(unanswered, offset) < 0;
  }

  /// The value in the state store: a version, then varints, offsets as differences.
  public byte[] toBytes() {
    var bytes = new ByteArrayOutputStream(64);
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(bytes, 64);
      boolean swapped = !releaseSince.equals(ModelHistory.BEGINNING);
      out.writeRawByte((byte) (swapped ? VERSION : NEVER_SWAPPED));
      out.writeUInt64NoTag(restartOffset);
      out.writeUInt64NoTag(answeredThrough);
      out.writeUInt32NoTag(unanswered.length);
      long previous = 0;
      for (long offset : unanswered) {
        out.writeUInt64NoTag(offset - previous);
        previous = offset;
      }
      out.writeStringNoTag(sessionId);
      out.writeBoolNoTag(settled);
      out.writeSInt64NoTag(changedAt.getEpochSecond());
      out.writeUInt32NoTag(changedAt.getNano());
      if (swapped) {
        out.writeSInt64NoTag(releaseSince.getEpochSecond());
        out.writeUInt32NoTag(releaseSince.getNano());
      }
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /// Reads the value in the state store.
  ///
  /// @throws WireException if it was written by a later version, or is damaged
  public static CameraProgress parse(byte @Nullable [] value) {
    if (value == null || value.length == 0) {
      throw new WireException("camera progress is empty");
    }
    if (value[0] != VERSION && value[0] != NEVER_SWAPPED) {
      throw new WireException(
          "camera progress is of another version: version=%d known=%d; run the newer processor, or reset the application's state"
              .formatted(value[0], VERSION));
    }
    try {
      CodedInputStream in = CodedInputStream.newInstance(value, 1, value.length - 1);
      long restartOffset = in.readUInt64();
      long answeredThrough = in.readUInt64();
      int count = in.readUInt32();
      if (count < 0 || count > value.length) {
        throw new WireException("camera progress is damaged: unanswered count=" + count);
      }
      long[] unanswered = new long[count];
      long previous = 0;
      for (int i = 0; i < count; i++) {
        previous += in.readUInt64();
        unanswered[i] = previous;
      }
      String sessionId = in.readStringRequireUtf8();
      boolean settled = in.readBool();
      Instant changedAt = Fields.requireTime("changed_at", in.readSInt64(), in.readUInt32());
      Instant releaseSince =
          value[0] == NEVER_SWAPPED
              ? ModelHistory.BEGINNING
              : Fields.requireTime("release_since", in.readSInt64(), in.readUInt32());
      CameraProgress progress =
          new CameraProgress(
              restartOffset,
              answeredThrough,
              unanswered,
              sessionId,
              settled,
              releaseSince,
              changedAt);
      if (!in.isAtEnd()) {
        throw new WireException("camera progress is damaged: it goes on after its end");
      }
      return progress;
    } catch (IOException | IllegalArgumentException e) {
      throw new WireException("camera progress is damaged: " + e.getMessage(), null, e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CameraProgress that
        && restartOffset == that.restartOffset
        && answeredThrough == that.answeredThrough
        && Arrays.equals(unanswered, that.unanswered)
        && sessionId.equals(that.sessionId)
        && settled == that.settled
        && releaseSince.equals(that.releaseSince)
        && changedAt.equals(that.changedAt);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(answeredThrough) + 31 * Long.hashCode(restartOffset);
  }

  @Override
  public String toString() {
    return "CameraProgress[restart=%d, answered through %d but for %s, session=%s, settled=%s, release since %s, at %s]"
        .formatted(
            restartOffset,
            answeredThrough,
            Arrays.toString(unanswered),
            sessionId,
            settled,
            releaseSince,
            changedAt);
  }
}
