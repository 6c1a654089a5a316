package io.maskstream.topology;

import io.maskstream.wire.Identity;
import io.maskstream.wire.Marker;
import io.maskstream.wire.Release;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Is told what the stream does, for metrics and progress lines. Called on stream threads, several
/// at a time; must return at once.
public interface StreamObserver {

  /// Watches nothing.
  StreamObserver NONE = new StreamObserver() {};

  /// An access unit has got its mask or marker, which readers see with the next commit.
  default void answered(Answered answer) {}

  /// A record is no access unit and went to the dead letters.
  default void deadLettered(String reason) {}

  /// A camera's publisher left out sequence numbers.
  default void sequenceGap(String cameraId, long missing) {}

  /// A decoder was opened: for a new session, or anew after silence, damage or a restart.
  default void decoderOpened(String cameraId) {}

  /// A camera has sent nothing for the idle time, and its decoder was emptied and closed.
  default void cameraIdle(String cameraId) {}

  /// A partition's decoders were rebuilt from the log.
  ///
  /// @param accessUnits read again
  default void recovered(int partition, long accessUnits, Duration took) {}

  /// Access units that a restart needed had been deleted from the log before they were answered.
  default void retentionLoss(String cameraId, long fromOffset, long toOffset) {}

  /// An answer came after its window was final.
  default void lateForItsWindow(String cameraId) {}

  /// One answer.
  ///
  /// @param marker why there is no mask; null where there is one
  /// @param release that made the mask; null for a marker
  /// @param stages time spent
  /// @param maskBytes of the serialized answer
  record Answered(
      Identity identity,
      @Nullable Marker marker,
      @Nullable Release release,
      Stages stages,
      int maskBytes) {}

  /// Time spent on one picture.
  ///
  /// @param endToEnd from capture until the answer is handed to Kafka; by two machines' clocks
  /// @param decode in the decoder, colour conversion and scaling included
  /// @param queue waiting for its micro-batch
  /// @param inference in the network
  /// @param encode in run-length coding and statistics
  record Stages(
      Duration endToEnd, Duration decode, Duration queue, Duration inference, Duration encode) {}
}
