package io.maskstream.proto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// A class map as runs of equal class, row after row; a run goes on across the end of a row.
///
/// Where a run ends is found in two steps. Borders and speckle make most runs short, so the first 8
/// pixels are compared as one word, which costs a nanosecond or so; only what is longer goes to
/// `Arrays.mismatch`, whose vector loop is the fastest over long runs and slow to start.
///
/// @param classIds the class of each run, 255 = ignore; owned by this record
/// @param lengths pixels of each run, at least 1; owned by this record
public record Runs(byte[] classIds, int[] lengths) {

  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  public Runs {
    if (classIds.length != lengths.length) {
      throw countsDiffer(classIds.length, lengths.length);
    }
  }

  /// The runs of a row-major class map.
  public static Runs of(byte[] classes) {
    byte[] ids = new byte[Math.min(classes.length, 1 << 14)];
    int[] lengths = new int[ids.length];
    int runs = 0;
    for (int start = 0; start < classes.length; ) {
      int end = endOfRun(classes, start);
      if (runs == ids.length) {
        ids = Arrays.copyOf(ids, Math.min(classes.length, runs * 2));
        lengths = Arrays.copyOf(lengths, ids.length);
      }
      ids[runs] = classes[start];
      lengths[runs++] = end - start;
      start = end;
    }
    return new Runs(Arrays.copyOf(ids, runs), Arrays.copyOf(lengths, runs));
  }

  /// The first position after start that holds another class, or the end.
  private static int endOfRun(byte[] classes, int start) {
    int last = classes.length - 1;
    if (start + Long.BYTES <= last) {
      // Byte i of the difference is 0 where pixel start + i equals its right neighbour.
      long difference = (long) WORD.get(classes, start) ^ (long) WORD.get(classes, start + 1);
      if (difference != 0) {
        return start + 1 + (Long.numberOfTrailingZeros(difference) >>> 3);
      }
      start += Long.BYTES;
    }
    int same = Arrays.mismatch(classes, start, last, classes, start + 1, classes.length);
    return same < 0 ? classes.length : start + same + 1;
  }

  /// Checks that the runs fill a mask of this size, none of them empty.
  ///
  /// @throws MaskException if they do not
  public void requirePixels(int width, int height) {
    long pixels = 0;
    for (int run = 0; run < lengths.length; run++) {
      int length = lengths[run];
      if (length < 1) {
        throw new MaskException(
            "run is empty or longer than any mask: run=%d length=%s"
                .formatted(run, Integer.toUnsignedString(length)));
      }
      pixels += length;
    }
    if (pixels != (long) width * height) {
      throw new MaskException(
          "runs have %d pixels, a mask of %dx%d has %d"
              .formatted(pixels, width, height, (long) width * height));
    }
  }

  /// Pixels of each class, by class id; 256 counts.
  public long[] areas() {
    long[] areas = new long[256];
    for (int run = 0; run < lengths.length; run++) {
      areas[classIds[run] & 0xff] += lengths[run];
    }
    return areas;
  }

  /// The row-major class map again; [#requirePixels] has been called with its size.
  public byte[] expand(int pixels) {
    byte[] classes = new byte[pixels];
    int position = 0;
    for (int run = 0; run < lengths.length; run++) {
      int end = position + lengths[run];
      Arrays.fill(classes, position, end, classIds[run]);
      position = end;
    }
    return classes;
  }

  static MaskException countsDiffer(int classIds, int lengths) {
    return new MaskException(
        "mask has as many class ids as lengths: class_ids=" + classIds + " lengths=" + lengths);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Runs that
        && Arrays.equals(classIds, that.classIds)
        && Arrays.equals(lengths, that.lengths);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(classIds) + Arrays.hashCode(lengths);
  }

  @Override
  public String toString() {
    return "Runs[" + lengths.length + "]";
  }
}
