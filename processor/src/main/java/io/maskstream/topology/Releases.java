package io.maskstream.topology;

import io.maskstream.inference.Segmenter;
import io.maskstream.shadow.Candidate;
import io.maskstream.wire.ModelHistory;
import java.time.Instant;
import java.util.Optional;

/// Knows which release answers a frame. Thread-safe.
interface Releases {

  /// What holds for a camera at a capture time.
  Chosen at(String cameraId, Instant captureTime);

  /// The candidate that looks on at a camera.
  default Optional<Candidate> candidate(String cameraId) {
    return Optional.empty();
  }

  /// One release for every frame.
  static Releases only(Segmenter segmenter) {
    Chosen only = new Chosen(ModelHistory.BEGINNING, segmenter);
    return (_, _) -> only;
  }

  /// A release that answers.
  ///
  /// @param since the capture time from which it holds
  /// @param segmenter runs it, and holds frames while it is being loaded
  record Chosen(Instant since, Segmenter segmenter) {}
}
