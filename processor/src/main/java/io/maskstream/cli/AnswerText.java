package io.maskstream.cli;

import io.maskstream.topics.AnswerProperties;
import io.maskstream.topics.WatchTable;
import io.maskstream.wire.FrameStatistics;
import io.maskstream.wire.FrameStatistics.Latency;
import io.maskstream.wire.Identity;
import io.maskstream.wire.Marker;
import io.maskstream.wire.Mask;
import io.maskstream.wire.Png;
import io.maskstream.wire.Release;
import io.maskstream.wire.RunLengths;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An answer in one line. A mask's pixels are left behind when it is made, so many may wait.
///
/// @param width columns of the mask, 0 for a marker
/// @param height rows of the mask, 0 for a marker
/// @param marker null where there is a mask
/// @param release null in a marker that no release was asked for
/// @param bytes of the mask's record
record AnswerText(
    Identity identity,
    Mask.Source source,
    int width,
    int height,
    @Nullable Marker marker,
    @Nullable Release release,
    int bytes) {

  static final String HEAD =
      line("CAMERA", "SESSION", "SEQUENCE", "PTS", "SIZE", "LATENCY", "RELEASE", "ANSWER");

  static AnswerText of(Mask mask, int bytes) {
    return switch (mask.content()) {
      case RunLengths runs -> of(mask, runs.width(), runs.height(), null, bytes);
      case Png png -> of(mask, png.width(), png.height(), null, bytes);
      case Marker marker -> of(mask, 0, 0, marker, bytes);
    };
  }

  /// The names are those of the messages.
  String json(@Nullable FrameStatistics statistics) {
    Map<String, Object> json = AnswerProperties.of(identity);
    json.put("width", width);
    json.put("height", height);
    json.put("source_width", source.width());
    json.put("source_height", source.height());
    json.put("source_partition", source.partition());
    json.put("source_offset", source.offset());
    json.put("mask_bytes", bytes);
    if (marker != null) {
      json.put("marker", AnswerProperties.of(marker));
    }
    if (release != null) {
      json.put("release", AnswerProperties.of(release));
    }
    if (statistics != null) {
      json.put("classes", AnswerProperties.of(statistics.classes()));
      json.put("latency", AnswerProperties.of(statistics.latency()));
    }
    return OutputFormat.JSON.write(json);
  }

  String table(@Nullable FrameStatistics statistics) {
    return line(
        identity.cameraId(),
        identity.sessionId(),
        Long.toString(identity.sequence()),
        Long.toString(identity.pts()),
        marker == null ? width + "x" + height : "-",
        statistics == null ? "-" : milliseconds(statistics.latency()),
        release == null ? "-" : WatchTable.printable(release.toString()),
        answer(statistics));
  }

  private static AnswerText of(
      Mask mask, int width, int height, @Nullable Marker marker, int bytes) {
    return new AnswerText(
        mask.identity(), mask.source(), width, height, marker, mask.release(), bytes);
  }

  private static String line(String... cells) {
    return String.format(Locale.ROOT, "%-16s %-20s %9s %12s %10s %11s  %-20s %s", (Object[]) cells);
  }

  private String answer(@Nullable FrameStatistics statistics) {
    if (marker != null) {
      return marker.reason().name().toLowerCase(Locale.ROOT)
          + ": "
          + WatchTable.printable(marker.detail());
    }
    return statistics == null ? "(no statistics)" : WatchTable.topClasses(statistics.classes());
  }

  private static String milliseconds(Latency latency) {
    return String.format(Locale.ROOT, "%.1f ms", latency.endToEnd().toNanos() / 1e6);
  }
}
