package io.maskstream.score;

import io.maskstream.inference.ClassMap;
import io.maskstream.release.Palette;
import io.maskstream.video.Size;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// How far two releases agree on the same pictures. Classes are the same where their names are;
/// what only one of them names is a class that the other never gives. Not thread-safe.
public final class Difference {

  private final List<String> names = new ArrayList<>();
  private final List<Integer> colors = new ArrayList<>();
  private final byte[] idsOfA;
  private final byte[] idsOfB;
  private final ConfusionMatrix matrix;
  private long pixels;
  private long differing;

  /// One picture's class maps of one size and one numbering.
  ///
  /// @param size of A's map
  /// @param a class ids of [#names]
  /// @param b alike; of each cell, what B gives at its centre
  @SuppressWarnings("ArrayRecordComponent") // pixels are compared by nobody
  public record Pair(Size size, byte[] a, byte[] b) {

    /// Share of the pixels in which they differ.
    public double differing() {
      return differ(a, b) / (double) a.length;
    }
  }

  public Difference(Palette a, Palette b) {
    idsOfA = ids(a);
    idsOfB = ids(b);
    matrix = new ConfusionMatrix(names.size());
  }

  private byte[] ids(Palette palette) {
    byte[] ids = new byte[256];
    Arrays.fill(ids, (byte) ConfusionMatrix.IGNORE);
    for (int id = 0; id < palette.size(); id++) {
      int known = names.indexOf(palette.names().get(id));
      if (known < 0) {
        known = names.size();
        names.add(palette.names().get(id));
        colors.add(palette.colors().get(id));
      }
      ids[id] = (byte) known;
    }
    return ids;
  }

  /// The classes of both, A's first.
  public List<String> names() {
    return List.copyOf(names);
  }

  /// Their colours, 0xRRGGBB.
  public List<Integer> colors() {
    return List.copyOf(colors);
  }

  /// Adds what both gave for one picture.
  public Pair add(ClassMap a, ClassMap b) {
    Size size = a.size();
    byte[] left = new byte[a.classes().length];
    byte[] right = new byte[left.length];
    for (int y = 0, i = 0; y < size.height(); y++) {
      int row = cell(y, size.height(), b.size().height()) * b.size().width();
      for (int x = 0; x < size.width(); x++, i++) {
        left[i] = idsOfA[a.classes()[i] & 0xff];
        right[i] = idsOfB[b.classes()[row + cell(x, size.width(), b.size().width())] & 0xff];
      }
    }
    matrix.add(left, right);
    pixels += left.length;
    differing += differ(left, right);
    return new Pair(size, left, right);
  }

  /// The cell that holds the centre of a pixel.
  private static int cell(int pixel, int pixels, int cells) {
    return (int) ((2L * pixel + 1) * cells / (2L * pixels));
  }

  private static long differ(byte[] a, byte[] b) {
    long differing = 0;
    for (int i = 0; i < a.length; i++) {
      differing += a[i] == b[i] ? 0 : 1;
    }
    return differing;
  }

  /// Share of all pixels in which they differ.
  public double differing() {
    return differing / (double) pixels;
  }

  /// The scores of B, were A the truth; the IoU of a class is the same the other way round.
  public Scores scores() {
    return Scores.of(matrix);
  }
}
