package io.maskstream.shadow;

import java.time.Duration;
import java.util.Optional;

/// When releases are found to have gone bad, and what is done about it.
///
/// @param candidates rules by which a candidate is rejected
/// @param serving rules by which a release is rolled back that has just come into force
/// @param probation how long it is watched for that; zero for never
public record Watch(Rules candidates, Rules serving, Duration probation) {

  /// Times as long as the other release's that the runs of one may take.
  public static final double SLOWDOWN = 3;

  public static final Duration PROBATION = Duration.ofMinutes(5);

  /// What a configuration without entries means.
  public static final Watch STANDARD = of(SLOWDOWN, Optional.empty(), PROBATION);

  public Watch {
    if (probation.isNegative()) {
      throw new IllegalArgumentException("probation is negative: " + probation);
    }
  }

  /// @param slowdown times as long as the other release's that the runs of one may take
  /// @param budget longest run, by frame; empty for none
  public static Watch of(double slowdown, Optional<Duration> budget, Duration probation) {
    return new Watch(
        Rules.ofCandidate(slowdown, budget), Rules.ofServing(slowdown, budget), probation);
  }
}
