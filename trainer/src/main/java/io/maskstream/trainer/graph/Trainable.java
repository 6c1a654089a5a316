package io.maskstream.trainer.graph;

/// The ends of a trainable graph: pictures in, RGB, float N x 3 x H x W, 0 to 255, of any size; raw
/// scores out, float N x classes x H x W. How the network wants its pictures is its first nodes.
public final class Trainable {

  public static final String IMAGE = "image";
  public static final String LOGITS = "logits";

  /// Scores of a head that is there for training only: it reads an earlier stage, as PSPNet
  /// proposed it (Zhao et al. 2017, section 3.3).
  public static final String AUXILIARY = "auxiliary";

  /// Names of layers that surgery added begin so: they know nothing yet and want a higher rate.
  public static final String SCORE = "score";

  /// Names of bilinear upscoring layers begin so; frozen, or learned from there.
  public static final String UPSCORE = "upscore";

  private Trainable() {}
}
