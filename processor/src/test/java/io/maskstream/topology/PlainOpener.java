package io.maskstream.topology;

import io.maskstream.inference.InferenceObserver;
import io.maskstream.inference.InferenceSettings;
import io.maskstream.inference.OnnxSegmenter;
import io.maskstream.release.ReleaseFile;
import io.maskstream.video.Size;
import java.util.Collection;

/// Opens releases on ONNX Runtime, and tells nobody.
class PlainOpener implements ReleaseOpener {

  private final InferenceSettings settings;

  PlainOpener(InferenceSettings settings) {
    this.settings = settings;
  }

  @Override
  public OnnxSegmenter open(ReleaseFile release, Collection<Size> pictures) {
    return openCandidate(release, pictures, InferenceObserver.NONE);
  }

  @Override
  public OnnxSegmenter openCandidate(
      ReleaseFile release, Collection<Size> pictures, InferenceObserver observer) {
    return OnnxSegmenter.open(release, settings, observer, pictures);
  }
}
