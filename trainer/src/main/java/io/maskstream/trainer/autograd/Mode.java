package io.maskstream.trainer.autograd;

/// How a graph runs.
public enum Mode {
  /// Batch norm by the batch's own statistics, which also move the running ones; dropout drops; the
  /// run is kept for the gradient.
  TRAINING,
  /// As training, but batch norm by its running statistics and without touching them: for
  /// fine-tuning on batches too small to have statistics.
  FIXED_STATISTICS,
  /// As a release runs: running statistics, no dropout, nothing kept for a gradient.
  EVALUATION
}
