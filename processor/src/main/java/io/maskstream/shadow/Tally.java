package io.maskstream.shadow;

import io.maskstream.inference.ClassMap;
import io.maskstream.inference.InferenceException;
import io.maskstream.inference.InferenceObserver;
import io.maskstream.inference.NotANumberException;
import io.maskstream.inference.Provider;
import io.maskstream.wire.Release;
import io.maskstream.wire.ShadowReport.Figures;
import java.time.Duration;
import java.util.Arrays;

/// How a release does: all frames since it began, and the last few hundred, by which it is judged
/// so that one that goes bad late is found as soon. Thread-safe.
public final class Tally {

  /// Frames that are looked at for failures.
  private static final int REMEMBERED = 500;

  /// Frames that are looked at for time and constant class.
  static final int LATELY = 60;

  private enum Outcome {
    VARIED,
    CONSTANT,
    FAILED
  }

  // All guarded by this.
  private final Outcome[] outcomes = new Outcome[REMEMBERED];
  private final long[] nanos = new long[LATELY];
  private long answered;
  private long failed;
  private long notANumber;
  private long failedBatches;
  private long constant;
  private long runs;

  /// What the rules look at.
  ///
  /// @param frames remembered, at most 500
  /// @param failed of them
  /// @param lately the newest of them, at most 60
  /// @param constant of those: one class from edge to edge
  /// @param runs since it began
  /// @param inference median time of the last 60 runs, by frame
  record Recent(int frames, int failed, int lately, int constant, long runs, Duration inference) {}

  /// A frame got its class map.
  public synchronized void answered(boolean constantClass) {
    note(constantClass ? Outcome.CONSTANT : Outcome.VARIED);
    answered++;
    constant += constantClass ? 1 : 0;
  }

  /// A frame got none.
  public synchronized void failed(boolean withNotANumber) {
    note(Outcome.FAILED);
    failed++;
    notANumber += withNotANumber ? 1 : 0;
  }

  /// A micro-batch failed whose frames then went through one by one.
  public synchronized void batchFailed() {
    failedBatches++;
  }

  /// A run went through.
  ///
  /// @param byFrame its time, divided by its frames
  synchronized void ran(Duration byFrame) {
    nanos[(int) (runs++ % LATELY)] = byFrame.toNanos();
  }

  /// Counts runs and failures of a segmenter here; its answers are counted by whoever looks at
  /// them.
  public InferenceObserver observer() {
    return new InferenceObserver() {
      @Override
      public void ran(Release release, Provider provider, int batchSize, Duration inference) {
        Tally.this.ran(inference.dividedBy(batchSize));
      }

      @Override
      public void batchFailed(
          Release release, Provider provider, int batchSize, InferenceException failure) {
        Tally.this.batchFailed();
      }

      @Override
      public void failed(Release release, Provider provider, InferenceException failure) {
        Tally.this.failed(failure instanceof NotANumberException);
      }
    };
  }

  private void note(Outcome outcome) {
    outcomes[(int) ((answered + failed) % REMEMBERED)] = outcome;
  }

  public synchronized Figures figures() {
    return new Figures(answered, failed, notANumber, failedBatches, constant, inference());
  }

  synchronized Recent recent() {
    long frames = answered + failed;
    int remembered = (int) Math.min(frames, REMEMBERED);
    int lately = (int) Math.min(frames, LATELY);
    int failures = 0;
    int constants = 0;
    for (int i = 1; i <= remembered; i++) {
      Outcome outcome = outcomes[(int) ((frames - i) % REMEMBERED)];
      failures += outcome == Outcome.FAILED ? 1 : 0;
      constants += i <= lately && outcome == Outcome.CONSTANT ? 1 : 0;
    }
    return new Recent(remembered, failures, lately, constants, runs, inference());
  }

  private Duration inference() {
    int count = (int) Math.min(runs, LATELY);
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    return count == 0 ? Duration.ZERO : Duration.ofNanos(sorted[count / 2]);
  }

  /// Whether a class map is one class from edge to edge.
  static boolean constant(ClassMap map) {
    byte[] classes = map.classes();
    return Arrays.mismatch(classes, 1, classes.length, classes, 0, classes.length - 1) < 0;
  }
}
