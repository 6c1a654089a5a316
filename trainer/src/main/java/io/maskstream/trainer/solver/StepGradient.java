package io.maskstream.trainer.solver;

/// What the batches of a step came to; their gradients lie at the parameters.
///
/// @param loss mean over the batches that have a labelled pixel; not finite if one's was not, after
///   which no more were asked
/// @param pictures of these batches; 0 if there was no labelled pixel at all
record StepGradient(double loss, int pictures) {}
