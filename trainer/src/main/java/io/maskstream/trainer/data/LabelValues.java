package io.maskstream.trainer.data;

import io.maskstream.painting.ClassPicture;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.IntBinaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What the values in label files mean: a class id, ignore, or a mistake. Immutable.
public final class LabelValues {

  /// SIFT Flow's void.
  private static final int LOWEST = -1;

  /// PASCAL-Context names 459.
  private static final int VALUES = 512;

  private static final int MISTAKE = -1;

  private final int[] meanings;

  private LabelValues(int[] meanings) {
    this.meanings = meanings;
  }

  /// No value means a class; 255 is ignored.
  static LabelValues none() {
    int[] meanings = new int[VALUES];
    Arrays.fill(meanings, MISTAKE);
    return new LabelValues(meanings).ignoring(LabelledPicture.IGNORE);
  }

  /// Values are class ids from 0 on; 255 is ignored.
  public static LabelValues from0(int classes) {
    return of(classes, 0);
  }

  /// Values are class ids from 1 on, as in ADE20K; 0 and 255 are ignored.
  public static LabelValues from1(int classes) {
    return of(classes, 1).ignoring(0);
  }

  private static LabelValues of(int classes, int first) {
    if (classes < 1 || classes + first > LabelledPicture.IGNORE) {
      throw new IllegalArgumentException("classes must be 1 to 255: " + classes);
    }
    LabelValues values = none();
    for (int id = 0; id < classes; id++) {
      values = values.meaning(first + id, id);
    }
    return values;
  }

  /// Some values are ignored as well.
  public LabelValues ignoring(int... values) {
    int[] changed = meanings.clone();
    for (int value : values) {
      changed[value - LOWEST] = LabelledPicture.IGNORE;
    }
    return new LabelValues(changed);
  }

  /// A value means another class, 0 to 254: for sets whose classes are merged.
  public LabelValues meaning(int value, int classId) {
    int[] changed = meanings.clone();
    changed[value - LOWEST] = classId;
    return new LabelValues(changed);
  }

  /// The class id, 255 for ignore, or negative for a mistake.
  int meaning(int value) {
    int index = value - LOWEST;
    return index >= 0 && index < VALUES ? meanings[index] : MISTAKE;
  }

  /// What the values of a file mean, pixel by pixel.
  ///
  /// @param valueAt the value at x and y
  /// @throws LabelledSetException if one of them is a mistake
  ClassPicture classes(Path file, int width, int height, IntBinaryOperator valueAt) {
    byte[] classes = new byte[width * height];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int value = valueAt.applyAsInt(x, y);
        int meaning = meaning(value);
        if (meaning < 0) {
          throw new LabelledSetException(
              "label is out of range: %s value=%d x=%d y=%d; allowed are %s"
                  .formatted(file, value, x, y, this));
        }
        classes[y * width + x] = (byte) meaning;
      }
    }
    return new ClassPicture(width, height, classes);
  }

  /// The values that are no mistake: "classes 0 to 10, ignored 11 and 255".
  @Override
  public String toString() {
    return "classes %s, ignored %s".formatted(ranges(false), ranges(true));
  }

  private String ranges(boolean ignored) {
    int[] values =
        IntStream.range(0, VALUES)
            .filter(i ->
                ignored
                    ? meanings[i] == LabelledPicture.IGNORE
                    : meanings[i] >= 0 && meanings[i] != LabelledPicture.IGNORE)
            .map(i -> i + LOWEST)
            .toArray();
    return IntStream.range(0, values.length)
        .filter(i -> i == 0 || values[i] != values[i - 1] + 1)
        .mapToObj(i -> {
          int last = i;
          while (last + 1 < values.length && values[last + 1] == values[last] + 1) {
            last++;
          }
          return last == i ? "" + values[i] : values[i] + " to " + values[last];
        })
        .collect(Collectors.joining(" and "));
  }
}
