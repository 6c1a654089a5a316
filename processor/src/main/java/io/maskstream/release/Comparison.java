package io.maskstream.release;

import io.maskstream.release.Anatomy.Scores;
import io.maskstream.release.GraphRunner.Running;
import io.maskstream.release.GraphRunner.Tensor;
import io.maskstream.release.PackagingOptions.Normalisation;
import io.maskstream.video.Size;
import java.util.Arrays;
import java.util.Map;

/// Runs the original graph and the release on the same pictures and counts where they differ. The
/// argmax and the softmax are computed here once more, from the original's own numbers.
final class Comparison {

  /// Scores closer than this, against the larger of them, tie: the graph's softmax rounds them to
  /// one number.
  private static final double TIE = 1e-5;

  private final ThirdPartyGraph original;
  private final Running originalRun;
  private final Anatomy anatomy;
  private final int classesAxis;
  private final Normalisation norm;

  /// @param anatomy of the original graph
  Comparison(
      ThirdPartyGraph original,
      Running originalRun,
      Anatomy anatomy,
      int classesAxis,
      Normalisation norm) {
    this.original = original;
    this.originalRun = originalRun;
    this.anatomy = anatomy;
    this.classesAxis = classesAxis;
    this.norm = norm;
  }

  /// Compares one frame.
  Verification single(Running release, byte[] rgb, Size size) {
    Map<String, Tensor> made = release.run(ReleaseFile.INPUT, frames(size, rgb));
    Map<String, Tensor> wanted = original.run(originalRun, rgb, size, norm);
    Tensor.Bytes classes = bytes(made, ReleaseFile.CLASSES);
    Verification counted =
        switch (given(wanted, anatomy.output().name())) {
          case Tensor.Floats scores -> compareScores(classes, scores);
          case Tensor.Longs ids -> compareIds(classes, ids.values());
          case Tensor.Bytes ids -> compareIds(classes, widened(ids.values()));
        };
    if (made.containsKey(ReleaseFile.CONFIDENCE)) {
      Scores grid = anatomy.grid().orElseThrow();
      Tensor.Floats scores = (Tensor.Floats) given(wanted, grid.value());
      counted = counted.plus(compareConfidence(bytes(made, ReleaseFile.CONFIDENCE), grid, scores));
    }
    return counted;
  }

  /// Compares two frames in one run with the same two alone.
  Verification pair(Running release, byte[] one, byte[] other, Size size) {
    byte[] both = Arrays.copyOf(one, 2 * one.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    Map<String, Tensor> together = release.run(ReleaseFile.INPUT, frames(size, both));
    byte[] classes = bytes(together, ReleaseFile.CLASSES).values();
    byte[] first =
        bytes(release.run(ReleaseFile.INPUT, frames(size, one)), ReleaseFile.CLASSES).values();
    byte[] second =
        bytes(release.run(ReleaseFile.INPUT, frames(size, other)), ReleaseFile.CLASSES).values();
    byte[] apart = Arrays.copyOf(first, 2 * first.length);
    System.arraycopy(second, 0, apart, first.length, second.length);
    if (apart.length != classes.length) {
      throw new ReleaseException(
          "a batch of 2 gives " + classes.length + " pixels, two single runs " + apart.length);
    }
    long differing = 0;
    for (int i = 0; i < apart.length; i++) {
      differing += apart[i] == classes[i] ? 0 : 1;
    }
    return new Verification(0, 0, 0, 0, 0, 2, differing);
  }

  private static Tensor frames(Size size, byte[] rgb) {
    long batch = rgb.length / (3 * size.pixels());
    return new Tensor.Bytes(new long[] {batch, size.height(), size.width(), 3}, rgb);
  }

  private Verification compareScores(Tensor.Bytes classes, Tensor.Floats scores) {
    long[] shape = scores.shape();
    int count = (int) shape[classesAxis];
    int pixels = scores.values().length / count;
    if (classes.values().length != pixels) {
      throw new ReleaseException(
          "release gives " + classes.values().length + " pixels, the graph " + pixels);
    }
    long differing = 0;
    long ties = 0;
    for (int pixel = 0; pixel < pixels; pixel++) {
      int best = 0;
      for (int k = 1; k < count; k++) {
        if (score(scores, classesAxis, pixel, k) > score(scores, classesAxis, pixel, best)) {
          best = k;
        }
      }
      int made = Byte.toUnsignedInt(classes.values()[pixel]);
      if (made != best) {
        double winner = score(scores, classesAxis, pixel, best);
        double other =
            made < count ? score(scores, classesAxis, pixel, made) : Double.NEGATIVE_INFINITY;
        boolean tie = winner - other <= TIE * Math.max(1e-3, Math.abs(winner));
        ties += tie ? 1 : 0;
        differing += tie ? 0 : 1;
      }
    }
    return new Verification(pixels, differing, ties, 0, 0, 1, 0);
  }

  private static Verification compareIds(Tensor.Bytes classes, long[] ids) {
    long differing = classes.values().length == ids.length ? 0 : ids.length;
    for (int pixel = 0; differing == 0 && pixel < ids.length; pixel++) {
      differing += Byte.toUnsignedLong(classes.values()[pixel]) == ids[pixel] ? 0 : 1;
    }
    return new Verification(ids.length, differing, 0, 0, 0, 1, 0);
  }

  private static Verification compareConfidence(
      Tensor.Bytes confidence, Scores grid, Tensor.Floats scores) {
    int count = (int) scores.shape()[grid.axis()];
    int cells = scores.values().length / count;
    int off = confidence.values().length == cells ? 0 : 255;
    for (int cell = 0; off < 255 && cell < cells; cell++) {
      double max = Double.NEGATIVE_INFINITY;
      for (int k = 0; k < count; k++) {
        max = Math.max(max, score(scores, grid.axis(), cell, k));
      }
      double sum = 0;
      for (int k = 0; k < count; k++) {
        sum += Math.exp(score(scores, grid.axis(), cell, k) - max);
      }
      double winning = grid.probabilities() ? max : 1 / sum;
      int made = Byte.toUnsignedInt(confidence.values()[cell]);
      off = Math.max(off, Math.abs(made - (int) Math.round(255 * winning)));
    }
    return new Verification(0, 0, 0, cells, off, 1, 0);
  }

  private static double score(Tensor.Floats scores, int axis, int pixel, int k) {
    long[] shape = scores.shape();
    return axis == 1
        ? scores.values()[k * (int) (shape[2] * shape[3]) + pixel]
        : scores.values()[pixel * (int) shape[3] + k];
  }

  private Tensor given(Map<String, Tensor> outputs, String name) {
    Tensor output = outputs.get(name);
    if (output == null) {
      throw new ReleaseException(original + " gives no tensor as " + name);
    }
    return output;
  }

  private static Tensor.Bytes bytes(Map<String, Tensor> outputs, String name) {
    if (outputs.get(name) instanceof Tensor.Bytes bytes) {
      return bytes;
    }
    throw new ReleaseException("release gives no bytes as " + name);
  }

  private static long[] widened(byte[] bytes) {
    long[] wide = new long[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      wide[i] = Byte.toUnsignedLong(bytes[i]);
    }
    return wide;
  }
}
