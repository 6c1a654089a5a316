package io.maskstream.trainer.solver;

import io.maskstream.score.Scores;
import io.maskstream.trainer.score.ScoreReport;
import java.util.Map;

/// What comparing a net's classes with labels gave.
///
/// @param report of the set's own classes
/// @param further reports of further lists of classes, by the net's output, as far as the net has
///   it
public record Judgement(ScoreReport report, Map<String, ScoreReport> further) {

  public Judgement {
    further = Map.copyOf(further);
  }

  /// Of the set's own classes.
  public Scores scores() {
    return report.scores();
  }
}
