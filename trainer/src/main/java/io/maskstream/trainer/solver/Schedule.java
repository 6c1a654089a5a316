package io.maskstream.trainer.solver;

import java.util.List;

/// How the learning rate falls from its peak to the end of a run.
///
/// @param shape of the fall
/// @param warmUp steps over which the rate first rises linearly to its peak
public record Schedule(Shape shape, long warmUp) {

  public Schedule {
    if (warmUp < 0) {
      throw new IllegalArgumentException("warm-up is negative: " + warmUp);
    }
  }

  /// The curve after the warm-up.
  public sealed interface Shape {}

  /// (1 - progress)^power, the poly schedule, from the peak to an end.
  ///
  /// @param end the rate at the end, as a share of the peak; 0 in most papers
  public record Poly(double power, double end) implements Shape {
    public Poly {
      if (!(power >= 0) || !(end >= 0 && end <= 1)) {
        throw new IllegalArgumentException(
            "poly schedule wants a power of 0 or more and an end of 0 to 1 times the peak: power="
                + power
                + " end="
                + end);
      }
    }
  }

  /// Times a factor at each of these fractions of the run.
  public record Steps(List<Double> at, double factor) implements Shape {
    public Steps {
      at = List.copyOf(at);
      if (at.stream().anyMatch(fraction -> !(fraction > 0 && fraction < 1)) || !(factor > 0)) {
        throw new IllegalArgumentException(
            "step schedule wants fractions between 0 and 1 and a factor above 0: at="
                + at
                + " factor="
                + factor);
      }
    }
  }

  /// Never falls.
  public record Level() implements Shape {}

  /// The factor on the peak rate.
  ///
  /// @param step from 0
  /// @param progress fraction of the run that is over, 0 to 1
  public double factor(long step, double progress) {
    double rising = step < warmUp ? (step + 1.0) / (warmUp + 1.0) : 1;
    return rising
        * switch (shape) {
          case Poly(double power, double end) ->
              end + (1 - end) * Math.pow(Math.max(0, 1 - progress), power);
          case Steps(List<Double> at, double factor) ->
              Math.pow(factor, at.stream().filter(fraction -> progress >= fraction).count());
          case Level() -> 1;
        };
  }

  @Override
  public String toString() {
    String falling =
        switch (shape) {
          case Poly(double power, double end) -> "poly " + power + (end == 0 ? "" : " to x" + end);
          case Steps(List<Double> at, double factor) -> "x" + factor + " at " + at;
          case Level() -> "level";
        };
    return falling + ", warm-up " + warmUp;
  }
}
