package io.maskstream.service;

import io.maskstream.inference.InferenceException;
import io.maskstream.inference.InferenceObserver;
import io.maskstream.inference.Provider;
import io.maskstream.wire.Release;
import java.time.Duration;

/// Tells two observers, one after the other.
record InferenceObservers(InferenceObserver one, InferenceObserver other)
    implements InferenceObserver {

  @Override
  public void ran(Release release, Provider provider, int batchSize, Duration inference) {
    one.ran(release, provider, batchSize, inference);
    other.ran(release, provider, batchSize, inference);
  }

  @Override
  public void batchFailed(
      Release release, Provider provider, int batchSize, InferenceException failure) {
    one.batchFailed(release, provider, batchSize, failure);
    other.batchFailed(release, provider, batchSize, failure);
  }

  @Override
  public void failed(Release release, Provider provider, InferenceException failure) {
    one.failed(release, provider, failure);
    other.failed(release, provider, failure);
  }
}
