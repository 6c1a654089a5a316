package io.maskstream.trainer.solver;

import io.maskstream.score.Scores;
import java.time.Duration;

/// How well the net does on pictures that it does not learn from.
///
/// @param step after which it was judged
/// @param best whether it never did better in this run
public record EvaluationReport(long step, Scores scores, boolean best, Duration took) {}
