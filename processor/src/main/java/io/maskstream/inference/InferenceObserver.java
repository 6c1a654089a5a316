package io.maskstream.inference;

import io.maskstream.wire.Release;
import java.time.Duration;

/// Told what a segmenter does, on its own thread; must return at once and not throw.
public interface InferenceObserver {

  /// Ignores everything.
  InferenceObserver NONE = new InferenceObserver() {};

  /// A micro-batch went through.
  ///
  /// @param inference how long the run took
  default void ran(Release release, Provider provider, int batchSize, Duration inference) {}

  /// The network failed on a micro-batch of several frames, which then go through one by one.
  default void batchFailed(
      Release release, Provider provider, int batchSize, InferenceException failure) {}

  /// The network failed on one frame; [NotANumberException] where its scores are NaN.
  default void failed(Release release, Provider provider, InferenceException failure) {}
}
