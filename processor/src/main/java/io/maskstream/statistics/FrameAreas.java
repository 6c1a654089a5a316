package io.maskstream.statistics;

import io.maskstream.inference.ClassMap.Confidence;
import io.maskstream.wire.FrameStatistics;
import io.maskstream.wire.FrameStatistics.BoundingBox;
import io.maskstream.wire.FrameStatistics.ClassArea;
import io.maskstream.wire.FrameStatistics.Latency;
import io.maskstream.wire.Identity;
import io.maskstream.wire.Release;
import io.maskstream.wire.RunLengths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one mask holds, computed on its runs and never on single pixels.
///
/// The score grid that confidence lies on may be coarser than the mask, and both cover the whole
/// picture. Pixel (x, y) takes the confidence of the cell that its centre lies in: column `floor((x
/// + 1/2) * gridWidth / maskWidth)`, row alike. The mean of a class is the mean of that over its
///   pixels.
///
/// @param classes those present but for the ignored one; largest first, equal ones by class id
/// @param pixelCount pixels of the mask
/// @param ignoredPixelCount pixels of class 255
public record FrameAreas(List<ClassArea> classes, int pixelCount, int ignoredPixelCount) {

  private static final int IGNORED = 255;

  public FrameAreas {
    classes = List.copyOf(classes);
  }

  /// Measures a mask.
  ///
  /// @param confidence the winning softmax, or null where the release has none
  /// @param classNames the release's names by class id; an id beyond them is named by its number
  public static FrameAreas of(
      RunLengths mask, @Nullable Confidence confidence, List<String> classNames) {
    Measure measure = new Measure(mask.width(), mask.height(), confidence);
    byte[] classIds = mask.runs().classIds();
    int[] lengths = mask.runs().lengths();
    int x = 0;
    int y = 0;
    for (int run = 0; run < lengths.length; run++) {
      int classId = classIds[run] & 0xff;
      int left = lengths[run];
      while (left > 0) {
        int end = Math.min(mask.width(), x + left);
        measure.add(classId, x, end, y);
        left -= end - x;
        x = end;
        if (x == mask.width()) {
          x = 0;
          y++;
        }
      }
    }
    return measure.areas(classNames);
  }

  /// The statistics of the mask's record.
  public FrameStatistics toStatistics(Identity identity, Latency latency, Release release) {
    return new FrameStatistics(
        identity, classes, pixelCount, ignoredPixelCount, latency, release, null);
  }

  /// Sums over the stretches of the rows.
  private static final class Measure {

    private final int width;
    private final int height;
    private final @Nullable Confidence confidence;
    private final int[] pixels = new int[256];
    private final int[] left = new int[256];
    private final int[] right = new int[256];
    private final int[] top = new int[256];
    private final int[] bottom = new int[256];
    private final long[] confidences = new long[256];

    /// The score grid's column of each column of the mask.
    private final int[] cells;

    /// Confidence left of each column of the mask, in the grid's row summedRow.
    private final int[] sums;

    private int summedRow = -1;

    Measure(int width, int height, @Nullable Confidence confidence) {
      this.width = width;
      this.height = height;
      this.confidence = confidence;
      Arrays.fill(left, width);
      cells = new int[confidence == null ? 0 : width];
      sums = new int[confidence == null ? 0 : width + 1];
      for (int x = 0; x < cells.length && confidence != null; x++) {
        cells[x] = cell(x, width, confidence.size().width());
      }
    }

    /// Adds columns from start to before end of one row, which all are of one class.
    void add(int classId, int start, int end, int y) {
      if (pixels[classId] == 0) {
        top[classId] = y;
      }
      bottom[classId] = y;
      pixels[classId] += end - start;
      left[classId] = Math.min(left[classId], start);
      right[classId] = Math.max(right[classId], end);
      if (confidence != null) {
        sumRow(confidence, cell(y, height, confidence.size().height()));
        confidences[classId] += sums[end] - sums[start];
      }
    }

    private void sumRow(Confidence grid, int row) {
      if (row == summedRow) {
        return;
      }
      summedRow = row;
      int from = row * grid.size().width();
      int sum = 0;
      for (int x = 0; x < width; x++) {
        sum += grid.values()[from + cells[x]] & 0xff;
        sums[x + 1] = sum;
      }
    }

    private static int cell(int pixel, int pixels, int cells) {
      return (int) ((2L * pixel + 1) * cells / (2L * pixels));
    }

    FrameAreas areas(List<String> classNames) {
      List<ClassArea> areas = new ArrayList<>();
      for (int classId = 0; classId < IGNORED; classId++) {
        if (pixels[classId] > 0) {
          areas.add(area(classId, classNames));
        }
      }
      areas.sort(Comparator.comparingInt(ClassArea::pixelCount).reversed());
      return new FrameAreas(areas, width * height, pixels[IGNORED]);
    }

    private ClassArea area(int classId, List<String> classNames) {
      return new ClassArea(
          classId,
          classId < classNames.size() ? classNames.get(classId) : "class " + classId,
          pixels[classId],
          pixels[classId] / ((double) width * height),
          confidence == null ? null : confidences[classId] / (255.0 * pixels[classId]),
          new BoundingBox(
              left[classId],
              top[classId],
              right[classId] - left[classId],
              bottom[classId] - top[classId] + 1));
    }
  }
}
