package io.maskstream.service;

import io.maskstream.inference.InferenceSettings;
import io.maskstream.inference.OnnxSegmenter;
import io.maskstream.metrics.Metrics;
import io.maskstream.release.ReleaseFile;
import io.maskstream.topology.ReleaseOpener;
import io.maskstream.video.Size;
import io.maskstream.wire.Release;
import java.time.Duration;
import java.util.Collection;

/// Opens releases on the provider of the configuration, and keeps the metrics of which are open.
record Sessions(InferenceSettings settings, Metrics metrics) implements ReleaseOpener {

  @Override
  public OnnxSegmenter open(ReleaseFile release, Collection<Size> pictures) {
    long start = System.nanoTime();
    OnnxSegmenter opened = OnnxSegmenter.open(release, settings, metrics, pictures);
    metrics.loaded(
        release.release(),
        settings.provider(),
        opened.provider(),
        Duration.ofNanos(System.nanoTime() - start));
    return opened;
  }

  @Override
  public void closed(Release release) {
    metrics.unloaded(release);
  }
}
