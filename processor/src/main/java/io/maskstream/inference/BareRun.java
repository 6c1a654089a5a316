package io.maskstream.inference;

import io.maskstream.release.ReleaseFile;
import io.maskstream.video.Size;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;

/// How fast ONNX Runtime alone runs a release: nothing decoded, nothing published, the same session
/// options and buffers as in the processor.
///
/// @param provider that was at work
/// @param size of the frames
/// @param batch frames in a run
/// @param runs that were timed
/// @param elapsed of all timed runs together
/// @param median of one run
public record BareRun(
    Provider provider, Size size, int batch, int runs, Duration elapsed, Duration median) {

  private static final int WARM_UP_RUNS = 3;
  private static final Duration DEADLINE = Duration.ofMinutes(2);

  /// Runs on noise from a fixed seed, at least three times and for this long.
  public static BareRun measure(
      ReleaseFile release, InferenceSettings settings, Size size, int batch, Duration atLeast) {
    if (!release.inputSize().takes(size)) {
      throw new InferenceException(
          "graph wants " + release.inputSize() + ", asked for " + size + ": release=" + release);
    }
    if (batch > 1 && !release.freeBatch()) {
      throw new InferenceException(
          "graph takes one frame a run, asked for batch=" + batch + ": release=" + release);
    }
    try (OnnxSession session = OnnxSession.open(release, settings)) {
      byte[] noise = new byte[Math.toIntExact(batch * size.pixels() * 3)];
      new Random(7).nextBytes(noise);
      ByteBuffer pixels = session.input(size, batch).put(noise).flip();
      for (int i = 0; i < WARM_UP_RUNS; i++) {
        session.run(pixels.rewind(), size, batch, DEADLINE);
      }
      long[] nanos = new long[16];
      int runs = 0;
      long total = 0;
      while (runs < 3 || total < atLeast.toNanos()) {
        long start = System.nanoTime();
        session.run(pixels.rewind(), size, batch, DEADLINE);
        long took = System.nanoTime() - start;
        nanos = runs < nanos.length ? nanos : Arrays.copyOf(nanos, 2 * runs);
        nanos[runs++] = took;
        total += took;
      }
      long[] sorted = Arrays.copyOf(nanos, runs);
      Arrays.sort(sorted);
      return new BareRun(
          session.provider(),
          size,
          batch,
          runs,
          Duration.ofNanos(total),
          Duration.ofNanos(sorted[runs / 2]));
    }
  }

  public double framesPerSecond() {
    return (double) runs * batch / (elapsed.toNanos() / 1e9);
  }
}
