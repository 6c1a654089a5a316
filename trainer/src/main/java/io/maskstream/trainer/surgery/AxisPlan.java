package io.maskstream.trainer.surgery;

import io.maskstream.trainer.surgery.FcnOptions.Upscore;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;

/// How scores are brought to the picture's size along one axis: what is cut off where, so that cell
/// lies on cell and pixel on pixel.
///
/// @param fusions of the upscored coarser scores with a finer skip, coarse to fine
/// @param last upscoring, to pixels
/// @param crop pixels that the upscored scores begin before the picture; negative where they begin
///   within it
/// @param missing pixels at the end of a picture of so many pixels that no score covers
record AxisPlan(List<Fusion> fusions, Upscoring last, long crop, LongUnaryOperator missing) {

  /// The sides of a picture for which a plan is checked; a smaller picture may be too small for the
  /// network.
  static final int SMALLEST = 64;

  static final int LARGEST = 2999;

  /// What moves by half a step comes nearer by it, if it was further off than this.
  private static final double QUARTER = 0.25;

  /// Which of two fused maps the other is cut to.
  enum Extent {
    UPSCORED,
    SKIP,
    SMALLER
  }

  /// @param factor by which scores become finer
  /// @param kernel of the transposed convolution
  /// @param byCentres how resizing counts pixels
  record Upscoring(long factor, long kernel, boolean byCentres) {}

  /// @param upscoring before it
  /// @param dropSkip first cells of the skip that lie before the upscored scores; where the skip
  ///   begins later, as many cells of zeros before it as this is negative
  /// @param extent which decides the size
  record Fusion(Upscoring upscoring, long dropSkip, Extent extent) {}

  private record Finer(Upscoring upscoring, Lattice lattice) {}

  static AxisPlan of(Lattice features, List<Lattice> skips, Upscore upscore) {
    List<Fusion> fusions = new ArrayList<>();
    Lattice scores = features;
    for (Lattice skip : skips) {
      Finer finer = finer(scores, skip, upscore);
      long dropSkip = Math.round(-finer.lattice().cellsBefore(skip));
      LongUnaryOperator upscored = finer.lattice().length();
      LongUnaryOperator skipped = n -> skip.length().applyAsLong(n) - dropSkip;
      fusions.add(new Fusion(finer.upscoring(), dropSkip, extent(upscored, skipped)));
      LongUnaryOperator fused = n -> Math.min(upscored.applyAsLong(n), skipped.applyAsLong(n));
      scores = Lattice.between(List.of(finer.lattice().from(0, fused), skip.from(dropSkip, fused)));
    }
    Finer pixels = finer(scores, Lattice.picture(), upscore);
    long crop = Math.round(pixels.lattice().cellsBefore(Lattice.picture()));
    LongUnaryOperator coarse = features.length();
    LongUnaryOperator covered = pixels.lattice().length();
    return new AxisPlan(
        List.copyOf(fusions),
        pixels.upscoring(),
        crop,
        n -> coarse.applyAsLong(n) < 1 ? n : n + crop - covered.applyAsLong(n));
  }

  /// A kernel of twice the factor is the smallest that interpolates; one tap less moves the cells
  /// by half a step, which is what some networks need for cell to lie on cell.
  private static Finer finer(Lattice scores, Lattice goal, Upscore upscore) {
    long factor = Math.round(scores.stride() / goal.stride());
    boolean resize = upscore == Upscore.RESIZE;
    Lattice even =
        resize ? scores.resizedByCentres(factor) : scores.deconvolution(2 * factor, factor);
    double before = even.cellsBefore(goal);
    if (factor == 1 || Math.abs(before - Math.rint(before)) > QUARTER) {
      Lattice odd =
          resize ? scores.resizedByCorners(factor) : scores.deconvolution(2 * factor - 1, factor);
      return new Finer(new Upscoring(factor, 2 * factor - 1, false), odd);
    }
    return new Finer(new Upscoring(factor, 2 * factor, true), even);
  }

  private static Extent extent(LongUnaryOperator upscored, LongUnaryOperator skipped) {
    boolean upscoredFits = true;
    boolean skipFits = true;
    for (long n = SMALLEST; n <= LARGEST; n++) {
      long difference = skipped.applyAsLong(n) - upscored.applyAsLong(n);
      upscoredFits &= difference >= 0;
      skipFits &= difference <= 0;
    }
    return upscoredFits ? Extent.UPSCORED : skipFits ? Extent.SKIP : Extent.SMALLER;
  }

  /// The most pixels that are missing at the end of any picture.
  long mostMissing() {
    long most = 0;
    for (long n = SMALLEST; n <= LARGEST; n++) {
      most = Math.max(most, missing.applyAsLong(n));
    }
    return most;
  }
}
