package io.maskstream.trainer.autograd;

/// What an array is to the graph that holds it; optimizers treat each in its own way.
public enum Role {
  /// Kernel of a convolution, matrix of a fully connected layer.
  WEIGHT,
  /// Added to what a weight made.
  BIAS,
  /// Scale and shift of a normalization, slope of a PRelu: learned, but not drawn towards zero.
  NORM,
  /// Running mean and variance of a batch norm: kept, not learned.
  BUFFER;

  public boolean isLearned() {
    return this != BUFFER;
  }
}
