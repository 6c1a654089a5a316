package io.maskstream.painting;

import io.maskstream.wire.FrameStatistics;
import io.maskstream.wire.FrameStatistics.ClassArea;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// What is written beside a painted mask, one line a class.
///
/// @param lines from top to bottom
public record Legend(List<Line> lines) {

  public static final Legend NONE = new Legend(List.of());

  private static final int MOST_LINES = 12;

  public Legend {
    lines = List.copyOf(lines);
  }

  /// One class.
  ///
  /// @param classId whose colour stands before the text
  /// @param text its name and share
  public record Line(int classId, String text) {}

  /// The classes by name, largest first; no more than a picture has room for.
  public static Legend of(FrameStatistics statistics) {
    return new Legend(
        statistics.classes().stream()
            .limit(MOST_LINES)
            .map(area -> new Line(area.classId(), line(area)))
            .toList());
  }

  /// The classes by number, where no names are known.
  ///
  /// @param areas pixels by class id
  public static Legend of(long[] areas) {
    long pixels = 0;
    List<Integer> present = new ArrayList<>();
    for (int id = 0; id < areas.length; id++) {
      pixels += areas[id];
      if (areas[id] > 0 && id != MaskPainter.IGNORED) {
        present.add(id);
      }
    }
    double all = pixels;
    present.sort(Comparator.comparingLong((Integer id) -> areas[id]).reversed());
    return new Legend(
        present.stream()
            .limit(MOST_LINES)
            .map(id -> new Line(id, line("class " + id, areas[id] / all)))
            .toList());
  }

  private static String line(ClassArea area) {
    return line(area.className(), area.areaFraction());
  }

  private static String line(String name, double fraction) {
    return String.format(Locale.ROOT, "%s %.1f%%", name, fraction * 100);
  }
}
