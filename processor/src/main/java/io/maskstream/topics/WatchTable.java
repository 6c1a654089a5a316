package io.maskstream.topics;

import io.maskstream.topics.CameraFigures.Row;
import io.maskstream.wire.FrameStatistics.ClassArea;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The figures of all cameras in letters: a table for a terminal, or one line for a log.
///
/// @param color whether figures that want attention are red (NO_COLOR says no)
public record WatchTable(boolean color) {

  private static final String RED = "\u001b[31m";
  private static final String PLAIN = "\u001b[0m";
  private static final int MOST_CLASSES = 3;
  private static final int LONGEST_ID = 24;

  /// A head and one line a camera.
  public List<String> lines(List<Row> rows) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%-" + LONGEST_ID + "s %6s %8s %8s %8s %6s %5s  %s",
            "CAMERA",
            "FPS",
            "P50 ms",
            "P99 ms",
            "MASKS",
            "MARKS",
            "GAPS",
            "CLASSES"));
    rows.forEach(row -> lines.add(line(row)));
    return lines;
  }

  /// All cameras in one line: a sum, then camera by camera.
  public String summary(Instant now, List<Row> rows) {
    return String.format(
        Locale.ROOT,
        "%s cameras=%d fps=%.1f masks=%d markers=%d gaps=%d%s",
        now.truncatedTo(ChronoUnit.SECONDS),
        rows.size(),
        rows.stream().mapToDouble(Row::fps).sum(),
        rows.stream().mapToLong(Row::masks).sum(),
        rows.stream().mapToLong(Row::markerCount).sum(),
        rows.stream().mapToLong(Row::gaps).sum(),
        rows.stream()
            .map(row ->
                String.format(
                    Locale.ROOT,
                    " | %s fps=%.1f p50_ms=%s p99_ms=%s %s",
                    row.cameraId(),
                    row.fps(),
                    milliseconds(row.p50()),
                    milliseconds(row.p99()),
                    classes(row)))
            .collect(Collectors.joining()));
  }

  /// The largest classes with their shares.
  public static String topClasses(List<ClassArea> classes) {
    return classes.stream()
        .limit(MOST_CLASSES)
        .map(area ->
            String.format(
                Locale.ROOT, "%s %.0f%%", printable(area.className()), area.areaFraction() * 100))
        .collect(Collectors.joining(", "));
  }

  /// A text from a record, without what a terminal would obey.
  public static String printable(String text) {
    return text.replaceAll("\\p{C}", "?");
  }

  private String line(Row row) {
    return String.format(
        Locale.ROOT,
        "%-" + LONGEST_ID + "s %6.1f %8s %8s %8d %s %s  %s",
        shortened(printable(row.cameraId())),
        row.fps(),
        milliseconds(row.p50()),
        milliseconds(row.p99()),
        row.masks(),
        alarming(row.markerCount(), 6),
        alarming(row.gaps(), 5),
        classes(row));
  }

  /// The classes of the latest mask, then the markers by reason.
  private static String classes(Row row) {
    String markers =
        row.markers().entrySet().stream()
            .sorted(Comparator.comparing(entry -> entry.getKey()))
            .map(entry -> entry.getKey().name().toLowerCase(Locale.ROOT) + "=" + entry.getValue())
            .collect(Collectors.joining(" "));
    String classes = topClasses(row.classes());
    return markers.isEmpty() ? classes : (classes + " [" + markers + "]").strip();
  }

  private String alarming(long count, int width) {
    String text = String.format(Locale.ROOT, "%" + width + "d", count);
    return color && count > 0 ? RED + text + PLAIN : text;
  }

  private static String milliseconds(@Nullable Duration latency) {
    return latency == null ? "-" : String.format(Locale.ROOT, "%.1f", latency.toNanos() / 1e6);
  }

  private static String shortened(String id) {
    return id.length() <= LONGEST_ID ? id : id.substring(0, LONGEST_ID - 1) + "~";
  }
}
