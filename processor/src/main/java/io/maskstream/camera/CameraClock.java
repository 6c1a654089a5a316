package io.maskstream.camera;

import io.maskstream.wire.Identity.TimeBase;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// When a live camera took a picture: by the camera's own clock where it tells it (RTCP sender
/// reports), else the time of arrival. Not thread-safe.
///
/// FFmpeg notes the camera's time beside every packet, but its parsers, which find where an access
/// unit ends by the begin of the next, hand on the note of that next one.
final class CameraClock {

  /// A clock further off than this is not set; the time of arrival is better.
  private static final Duration MOST_ERROR = Duration.ofSeconds(10);

  private final boolean noteOfTheNext;
  private final Duration pictureTime;
  private @Nullable Instant noted;

  /// @param noteOfTheNext whether notes belong to the next access unit
  /// @param pictureTime nominally from one picture to the next
  CameraClock(boolean noteOfTheNext, TimeBase pictureTime) {
    this.noteOfTheNext = noteOfTheNext;
    this.pictureTime = Timeline.elapsed(1, pictureTime);
  }

  /// @param note of the camera's time with this access unit, if there is one
  /// @param received when it was received
  Instant captured(@Nullable Instant note, Instant received) {
    Instant told = note;
    if (noteOfTheNext) {
      Instant before = noted;
      told = before == null && note != null ? note.minus(pictureTime) : before;
      noted = note;
    }
    boolean plausible =
        told != null && Duration.between(told, received).abs().compareTo(MOST_ERROR) <= 0;
    return plausible && told != null ? told : received;
  }
}
