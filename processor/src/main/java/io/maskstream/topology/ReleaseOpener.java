package io.maskstream.topology;

import io.maskstream.inference.InferenceObserver;
import io.maskstream.inference.OnnxSegmenter;
import io.maskstream.inference.Segmenter;
import io.maskstream.release.ReleaseFile;
import io.maskstream.video.Size;
import io.maskstream.wire.Release;
import java.util.Collection;

/// Opens releases beside those that serve. Called on the loader's thread alone.
public interface ReleaseOpener {

  /// Opens a session and runs it, so that the first frame takes no longer than others.
  ///
  /// @param pictures sizes of the cameras' pictures, before they are scaled
  /// @throws RuntimeException if it cannot be served, saying why
  Segmenter open(ReleaseFile release, Collection<Size> pictures);

  /// Opens a session for a candidate, in one lane.
  ///
  /// @param observer is told what it does, and nobody else
  /// @throws RuntimeException if it cannot run, saying why
  OnnxSegmenter openCandidate(
      ReleaseFile release, Collection<Size> pictures, InferenceObserver observer);

  /// The session of a release was closed.
  default void closed(Release release) {}
}
