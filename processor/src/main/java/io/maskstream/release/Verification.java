package io.maskstream.release;

/// How a release compares with the graph that it was made from, on pictures that were normalised
/// outside the graph.
///
/// @param pixels compared
/// @param differing pixels whose class differs and whose scores do not tie
/// @param ties pixels whose class differs because two scores are equal to the precision of a float
/// @param confidenceCells compared
/// @param confidenceOff the largest difference of a confidence, of 255
/// @param batch frames of the largest run that was compared with single runs
/// @param batchDiffering pixels that differed between that run and the single ones
public record Verification(
    long pixels,
    long differing,
    long ties,
    long confidenceCells,
    int confidenceOff,
    int batch,
    long batchDiffering) {

  /// One grey level of confidence may be lost in rounding.
  static final int MAX_CONFIDENCE_OFF = 1;

  static final Verification NOTHING = new Verification(0, 0, 0, 0, 0, 1, 0);

  Verification plus(Verification other) {
    return new Verification(
        pixels + other.pixels,
        differing + other.differing,
        ties + other.ties,
        confidenceCells + other.confidenceCells,
        Math.max(confidenceOff, other.confidenceOff),
        Math.max(batch, other.batch),
        batchDiffering + other.batchDiffering);
  }

  /// Whether the release does what the graph did.
  public boolean holds() {
    return differing == 0 && confidenceOff <= MAX_CONFIDENCE_OFF;
  }

  @Override
  public String toString() {
    return differing
        + " of "
        + pixels
        + " pixels differ ("
        + ties
        + " more where two classes tie)"
        + ", confidence off by at most "
        + confidenceOff
        + " of 255 in "
        + confidenceCells
        + " cells, "
        + (batch > 1
            ? batchDiffering + " pixels differ in a batch of " + batch
            : "one frame a run");
  }
}
