package io.maskstream.service;

import io.maskstream.inference.InferenceObserver;
import io.maskstream.inference.InferenceSettings;
import io.maskstream.inference.OnnxSegmenter;
import io.maskstream.metrics.Metrics;
import io.maskstream.release.GoldenFrames;
import io.maskstream.release.ReleaseException;
import io.maskstream.release.ReleaseFile;
import io.maskstream.topology.ReleaseOpener;
import io.maskstream.video.Size;
import io.maskstream.wire.Release;
import java.time.Duration;
import java.util.Collection;

/// Opens releases on the provider of the configuration, and keeps the metrics of which are open.
///
/// @param observer is told what those that serve do
record Sessions(InferenceSettings settings, Metrics metrics, InferenceObserver observer)
    implements ReleaseOpener {

  @Override
  public OnnxSegmenter open(ReleaseFile release, Collection<Size> pictures) {
    long start = System.nanoTime();
    OnnxSegmenter opened =
        checked(release, OnnxSegmenter.open(release, settings, observer, pictures));
    metrics.loaded(
        release.release(),
        settings.provider(),
        opened.provider(),
        Duration.ofNanos(System.nanoTime() - start));
    return opened;
  }

  @Override
  public OnnxSegmenter openCandidate(
      ReleaseFile release, Collection<Size> pictures, InferenceObserver watching) {
    return checked(release, OnnxSegmenter.open(release, settings.withRuns(1), watching, pictures));
  }

  private static OnnxSegmenter checked(ReleaseFile release, OnnxSegmenter opened) {
    double differing = opened.goldenDiffering().orElse(0);
    if (differing > GoldenFrames.MAX_DIFFERING) {
      opened.close();
      throw new ReleaseException(
          "release=%s gives other classes here than when it was packaged: %.1f %% of the pixels of a golden frame differ on provider=%s, more than %.0f; package it again, or serve it elsewhere"
              .formatted(
                  release, 100 * differing, opened.provider(), 100 * GoldenFrames.MAX_DIFFERING));
    }
    return opened;
  }

  @Override
  public void closed(Release release) {
    metrics.unloaded(release);
  }
}
