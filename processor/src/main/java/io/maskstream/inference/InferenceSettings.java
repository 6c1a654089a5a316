package io.maskstream.inference;

import java.time.Duration;

/// How a release is run.
///
/// @param provider what it computes with
/// @param threads of one run on the CPU; 0 shares the cores among the runs
/// @param spinning whether those threads wait busily for work: a little faster alone, but it takes
///   the cores from decoding
/// @param runs that go on side by side; 0 chooses [#CPU_RUNS] or [#CUDA_RUNS]
/// @param batchMax most frames in a micro-batch; 0 chooses [#CPU_BATCH] or [#CUDA_BATCH]
/// @param batchWait how long the oldest frame may wait for others; zero takes what is there
/// @param deadline after which a run is ended and its frames fail
/// @param gpuBytes that a session may take of the GPU's memory; 0 for what there is
public record InferenceSettings(
    Provider provider,
    int threads,
    boolean spinning,
    int runs,
    int batchMax,
    Duration batchWait,
    Duration deadline,
    long gpuBytes) {

  /// On a CPU a batch of four takes four times as long as one frame, so it gains nothing.
  public static final int CPU_BATCH = 1;

  public static final int CUDA_BATCH = 8;

  /// Two runs on half the cores each do more than one on all: threads of one run wait for each
  /// other at every node of the graph, and the slowest is the one that decoding has pushed aside.
  public static final int CPU_RUNS = 2;

  public static final int CUDA_RUNS = 1;

  public InferenceSettings {
    if (threads < 0 || runs < 0 || batchMax < 0 || batchWait.isNegative() || gpuBytes < 0) {
      throw new IllegalArgumentException(
          "inference settings are negative: threads="
              + threads
              + " runs="
              + runs
              + " batch.max="
              + batchMax
              + " batch.wait="
              + batchWait
              + " gpu.memory="
              + gpuBytes);
    }
    if (!deadline.isPositive()) {
      throw new IllegalArgumentException("inference deadline is not positive: " + deadline);
    }
  }

  /// With all of the GPU's memory.
  public InferenceSettings(
      Provider provider,
      int threads,
      boolean spinning,
      int runs,
      int batchMax,
      Duration batchWait,
      Duration deadline) {
    this(provider, threads, spinning, runs, batchMax, batchWait, deadline, 0);
  }

  /// What a configuration without entries means.
  public static InferenceSettings standard() {
    return new InferenceSettings(
        Provider.AUTO, 0, false, 0, 0, Duration.ofMillis(5), Duration.ofSeconds(10));
  }

  public InferenceSettings withProvider(Provider other) {
    return new InferenceSettings(
        other, threads, spinning, runs, batchMax, batchWait, deadline, gpuBytes);
  }

  public InferenceSettings withBatch(int max, Duration wait) {
    return new InferenceSettings(provider, threads, spinning, runs, max, wait, deadline, gpuBytes);
  }

  public InferenceSettings withDeadline(Duration other) {
    return new InferenceSettings(
        provider, threads, spinning, runs, batchMax, batchWait, other, gpuBytes);
  }

  public InferenceSettings withRuns(int other) {
    return new InferenceSettings(
        provider, threads, spinning, other, batchMax, batchWait, deadline, gpuBytes);
  }

  /// Runs side by side on this provider.
  int runsOn(Provider active) {
    if (runs > 0) {
      return runs;
    }
    return active == Provider.CUDA ? CUDA_RUNS : CPU_RUNS;
  }

  /// Threads of one run on this provider; 0 leaves the choice to ONNX Runtime.
  int threadsOn(Provider active) {
    if (threads > 0 || active == Provider.CUDA) {
      return threads;
    }
    return Math.max(1, Runtime.getRuntime().availableProcessors() / runsOn(active));
  }

  /// Most frames in a micro-batch of a release on this provider.
  int batchMaxOn(Provider active, boolean freeBatch) {
    if (!freeBatch) {
      return 1;
    }
    if (batchMax > 0) {
      return batchMax;
    }
    return active == Provider.CUDA ? CUDA_BATCH : CPU_BATCH;
  }
}
