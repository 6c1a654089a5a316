package io.maskstream.inference;

import io.maskstream.release.GoldenFrame;
import io.maskstream.release.GoldenFrames;
import io.maskstream.release.ReleaseFile;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;

/// Whether a loaded release does here, on this provider, what it did when it was packaged.
final class SelfTest {

  private SelfTest() {}

  /// Runs the golden frames.
  ///
  /// @return the largest share of pixels of one of them whose class is another now; nothing for a
  ///   release without golden frames
  static OptionalDouble differing(OnnxSession session, ReleaseFile release, Duration deadline) {
    List<GoldenFrame> frames = GoldenFrames.of(release);
    return frames.stream().mapToDouble(frame -> differing(session, frame, deadline)).max();
  }

  /// @return the share of one frame's pixels whose class is another now
  static double differing(OnnxSession session, GoldenFrame golden, Duration deadline) {
    session.run(
        session.input(golden.frame(), 1).put(golden.pixels()).flip(), golden.frame(), 1, deadline);
    ClassMap map = session.classMap(0);
    return golden.differing(map.size(), map.classes());
  }
}
