package io.maskstream.trainer.solver;

import java.util.List;

/// How far scores are from the labels: cross entropy of every labelled pixel.
///
/// @param reduction of the pixels to one number
/// @param classWeights one for each class, or none
/// @param auxiliaryWeight on each further output of the graph; 0 leaves them out
public record LossSettings(Reduction reduction, List<Float> classWeights, double auxiliaryWeight) {

  /// The papers' solvers sum, with rates of 1e-10; everyone else takes the mean.
  public enum Reduction {
    MEAN,
    SUM
  }

  public LossSettings {
    classWeights = List.copyOf(classWeights);
    if (classWeights.stream().anyMatch(weight -> !(weight >= 0))) {
      throw new IllegalArgumentException("class weights must be 0 or more: " + classWeights);
    }
    if (!(auxiliaryWeight >= 0)) {
      throw new IllegalArgumentException("auxiliary weight is negative: " + auxiliaryWeight);
    }
  }

  public static LossSettings mean() {
    return new LossSettings(Reduction.MEAN, List.of(), 0.4);
  }
}
