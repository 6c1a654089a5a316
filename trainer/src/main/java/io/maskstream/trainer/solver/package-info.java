/// Fits a graph's weights to labelled pictures: optimizers, schedules, loss, checkpoints, logs.
@NullMarked
package io.maskstream.trainer.solver;

import org.jspecify.annotations.NullMarked;
