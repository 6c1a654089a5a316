package io.maskstream.trainer.solver;

import java.util.List;
import java.util.Optional;

/// How far scores are from the labels: cross entropy of every labelled pixel.
///
/// @param reduction of the pixels to one number
/// @param classWeights one for each class, or none
/// @param auxiliaryWeight on each output of the graph that tells the same classes once more; 0
///   leaves them out
/// @param hard the only pixels that count, where not all do
/// @param share of the patches of a picture that count, drawn anew each step; 1 for all
public record LossSettings(
    Reduction reduction,
    List<Float> classWeights,
    double auxiliaryWeight,
    Optional<HardPixels> hard,
    double share) {

  /// What the sum over pixels is divided by.
  public enum Reduction {
    /// The labelled pixels.
    MEAN,
    /// All pixels, ignored ones too, as MMSegmentation does: pictures with few labels teach less.
    MEAN_OF_ALL,
    /// Nothing, as the solvers of the FCN papers do, with rates of 1e-10.
    SUM
  }

  /// Online hard example mining (Shrivastava et al. 2016), by pixels as MMSegmentation's
  /// `OHEMPixelSampler`: those whose class has less than this probability, or the hardest so many
  /// if those are fewer.
  ///
  /// @param probability of the labelled class, 0 to 1
  /// @param least pixels that count, times the pictures of a batch
  public record HardPixels(double probability, long least) {
    public HardPixels {
      if (!(probability >= 0 && probability <= 1) || least < 1) {
        throw new IllegalArgumentException(
            "hard pixels want a probability of 0 to 1 and 1 pixel or more: probability="
                + probability
                + " least="
                + least);
      }
    }
  }

  public LossSettings {
    classWeights = List.copyOf(classWeights);
    if (classWeights.stream().anyMatch(weight -> !(weight >= 0))) {
      throw new IllegalArgumentException("class weights must be 0 or more: " + classWeights);
    }
    if (!(auxiliaryWeight >= 0)) {
      throw new IllegalArgumentException("auxiliary weight is negative: " + auxiliaryWeight);
    }
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException(
          "the share of patches that count must be above 0, and 1 for all: " + share);
    }
    if (reduction == Reduction.MEAN_OF_ALL && !classWeights.isEmpty()) {
      throw new IllegalArgumentException(
          "a mean over all pixels has no class weights; take the mean over labelled ones");
    }
  }

  /// The mean over all labelled pixels, auxiliary heads at 0.4.
  public static LossSettings mean() {
    return new LossSettings(Reduction.MEAN, List.of(), 0.4, Optional.empty(), 1);
  }
}
