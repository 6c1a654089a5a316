package io.maskstream.inference;

import io.maskstream.release.ReleaseFile;
import io.maskstream.video.Size;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;

/// How fast ONNX Runtime alone runs a release: nothing decoded, nothing published, the same session
/// options, buffers and runs side by side as in the processor.
///
/// @param provider that was at work
/// @param size of the frames
/// @param batch frames in a run
/// @param runs that were timed
/// @param elapsed from the first timed run to the end of the last
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
    byte[] noise = new byte[Math.toIntExact(batch * size.pixels() * 3)];
    new Random(7).nextBytes(noise);
    List<OnnxSession> lanes = OnnxSession.open(release, settings);
    try (ExecutorService threads = Executors.newFixedThreadPool(lanes.size())) {
      for (OnnxSession lane : lanes) {
        lane.input(size, batch).put(noise);
        for (int i = 0; i < WARM_UP_RUNS; i++) {
          run(lane, size, batch);
        }
      }
      long start = System.nanoTime();
      List<Callable<LongStream>> timings =
          lanes.stream()
              .<Callable<LongStream>>map(
                  lane -> () -> runs(lane, size, batch, start + atLeast.toNanos()))
              .toList();
      long[] sorted =
          threads.invokeAll(timings).stream().flatMapToLong(Future::resultNow).sorted().toArray();
      return new BareRun(
          lanes.getFirst().provider(),
          size,
          batch,
          sorted.length,
          Duration.ofNanos(System.nanoTime() - start),
          Duration.ofNanos(sorted[sorted.length / 2]));
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts a measurement", e);
    } finally {
      lanes.forEach(OnnxSession::close);
    }
  }

  /// Runs until a moment, at least three times.
  ///
  /// @return how long each took, in nanoseconds
  private static LongStream runs(OnnxSession lane, Size size, int batch, long until) {
    LongStream.Builder nanos = LongStream.builder();
    for (int runs = 0; runs < 3 || System.nanoTime() < until; runs++) {
      nanos.add(run(lane, size, batch));
    }
    return nanos.build();
  }

  private static long run(OnnxSession lane, Size size, int batch) {
    long start = System.nanoTime();
    lane.run(lane.input(size, batch), size, batch, DEADLINE);
    return System.nanoTime() - start;
  }

  public double framesPerSecond() {
    return (double) runs * batch / (elapsed.toNanos() / 1e9);
  }
}
