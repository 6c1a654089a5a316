package io.maskstream.topology;

import io.maskstream.wire.FrameStatistics;
import java.time.Duration;

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
  /// @param statistics identity, marker or release, and the time that each stage took
  /// @param maskBytes of the serialized mask or marker
  record Answered(FrameStatistics statistics, int maskBytes) {}
}
