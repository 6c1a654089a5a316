package io.maskstream.trainer.solver;

import io.maskstream.trainer.autograd.Mode;
import io.maskstream.trainer.autograd.Precision;
import java.time.Duration;
import java.util.Optional;

/// What a run is told to do.
///
/// @param steps after which it is over; changes of the weights, each over `accumulation` batches
/// @param time after which it is over even so; the schedule then follows the clock
/// @param accumulation batches whose gradients are summed for one step
/// @param clip most length of the gradient; 0 for any
/// @param averageDecay of the moving average of weights, which is then judged and kept; 0 for none
/// @param precision of the forward and backward pass; weights, loss and judging stay float32
/// @param lossScale by which float16's loss is multiplied; 0 finds it by itself
/// @param mode of the forward pass while learning: training, or with fixed statistics
/// @param jointStatistics whether batch norms go by all batches of a step instead of each alone
/// @param evaluateEvery steps between evaluations
/// @param saveEvery steps between checkpoints
/// @param patience evaluations without a new best after which the run ends early; 0 for never
/// @param seed of dropout and of everything else that is drawn
public record Recipe(
    long steps,
    Optional<Duration> time,
    OptimizerSettings optimizer,
    ParameterGroups groups,
    Schedule schedule,
    LossSettings loss,
    int accumulation,
    double clip,
    double averageDecay,
    Precision precision,
    double lossScale,
    Mode mode,
    boolean jointStatistics,
    long evaluateEvery,
    long saveEvery,
    int patience,
    long seed) {

  public Recipe {
    if (steps < 1 || accumulation < 1 || evaluateEvery < 1 || saveEvery < 1) {
      throw new IllegalArgumentException(
          "steps, accumulation, evaluateEvery and saveEvery must be 1 or more: steps="
              + steps
              + " accumulation="
              + accumulation
              + " evaluateEvery="
              + evaluateEvery
              + " saveEvery="
              + saveEvery);
    }
    if (jointStatistics && mode != Mode.TRAINING) {
      throw new IllegalArgumentException(
          "joint statistics are for batch norms that learn theirs, not for mode=" + mode);
    }
    if (mode == Mode.EVALUATION) {
      throw new IllegalArgumentException("nothing is learnt in mode=" + mode);
    }
    if (!(lossScale >= 0)) {
      throw new IllegalArgumentException("loss scale is negative: " + lossScale);
    }
    if (!(clip >= 0) || !(averageDecay >= 0 && averageDecay < 1) || patience < 0) {
      throw new IllegalArgumentException(
          "clip and patience must be 0 or more, averageDecay 0 to 1: clip="
              + clip
              + " averageDecay="
              + averageDecay
              + " patience="
              + patience);
    }
  }

  /// The plainest run of so many steps: all parameters at one rate, poly schedule, mean loss,
  /// float32, judged and saved at its end.
  public static Recipe of(long steps, OptimizerSettings optimizer) {
    return new Recipe(
        steps,
        Optional.empty(),
        optimizer,
        ParameterGroups.even(),
        new Schedule(new Schedule.Poly(0.9, 0), 0),
        LossSettings.mean(),
        1,
        0,
        0,
        Precision.FP32,
        0,
        Mode.TRAINING,
        false,
        steps,
        steps,
        0,
        1337);
  }

  /// The fraction of the run that is over.
  double progress(long step, Duration elapsed) {
    double bySteps = (double) step / steps;
    double byTime = time.map(limit -> (double) elapsed.toMillis() / limit.toMillis()).orElse(0.0);
    return Math.min(1, Math.max(bySteps, byTime));
  }
}
