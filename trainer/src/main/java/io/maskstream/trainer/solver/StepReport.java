package io.maskstream.trainer.solver;

import java.time.Duration;

/// What one step did.
///
/// @param step from 1
/// @param progress fraction of the run that is over
/// @param loss of the step, not a number where no pixel had a label
/// @param lr learning rate before the factors of parameters
/// @param gradientNorm length of all gradients, before clipping
/// @param pictures that the step learnt from
/// @param picturesPerSecond over the last steps
/// @param waiting fraction of the time so far in which the step waited for pictures
/// @param left until the end of the run, evaluations not counted
public record StepReport(
    long step,
    double progress,
    double loss,
    double lr,
    double gradientNorm,
    int pictures,
    double picturesPerSecond,
    double waiting,
    Duration left) {}
