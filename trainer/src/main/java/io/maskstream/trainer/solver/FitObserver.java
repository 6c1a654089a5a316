package io.maskstream.trainer.solver;

/// Follows a run. Called by the thread that fits.
public interface FitObserver extends AutoCloseable {

  void stepped(StepReport report);

  void evaluated(EvaluationReport report);

  /// Something that a person should read.
  void noted(long step, String sentence);

  @Override
  void close();
}
