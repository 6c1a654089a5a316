package io.maskstream.cli;

import io.maskstream.topics.WatchTable;
import io.maskstream.wire.FrameStatistics;
import io.maskstream.wire.FrameStatistics.BoundingBox;
import io.maskstream.wire.FrameStatistics.ClassArea;
import io.maskstream.wire.FrameStatistics.Latency;
import io.maskstream.wire.Identity;
import io.maskstream.wire.Marker;
import io.maskstream.wire.Mask;
import io.maskstream.wire.Png;
import io.maskstream.wire.Release;
import io.maskstream.wire.RunLengths;
import java.util.LinkedHashMap;
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
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("camera_id", identity.cameraId());
    json.put("session_id", identity.sessionId());
    json.put("sequence", identity.sequence());
    json.put("pts", identity.pts());
    json.put(
        "time_base", identity.timeBase().numerator() + "/" + identity.timeBase().denominator());
    json.put("capture_time", identity.captureTime().toString());
    json.put("width", width);
    json.put("height", height);
    json.put("source_width", source.width());
    json.put("source_height", source.height());
    json.put("source_partition", source.partition());
    json.put("source_offset", source.offset());
    json.put("mask_bytes", bytes);
    if (marker != null) {
      json.put("marker", Map.of("reason", marker.reason().name(), "detail", marker.detail()));
    }
    if (release != null) {
      json.put("release", releaseOf(release));
    }
    if (statistics != null) {
      json.put("classes", statistics.classes().stream().map(AnswerText::area).toList());
      json.put("latency", latency(statistics.latency()));
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

  private static Map<String, Object> releaseOf(Release release) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", release.name());
    json.put("version", release.version());
    json.put("sha256", release.sha256());
    return json;
  }

  private static Map<String, Object> area(ClassArea area) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("class_id", area.classId());
    json.put("class_name", area.className());
    json.put("pixel_count", area.pixelCount());
    json.put("area_fraction", area.areaFraction());
    if (area.meanConfidence() != null) {
      json.put("mean_confidence", area.meanConfidence());
    }
    BoundingBox box = area.boundingBox();
    Map<String, Object> sides = new LinkedHashMap<>();
    sides.put("x", box.x());
    sides.put("y", box.y());
    sides.put("width", box.width());
    sides.put("height", box.height());
    json.put("bounding_box", sides);
    return json;
  }

  private static Map<String, Object> latency(Latency latency) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("end_to_end_micros", latency.endToEnd().toNanos() / 1000);
    json.put("decode_micros", latency.decode().toNanos() / 1000);
    json.put("queue_micros", latency.queue().toNanos() / 1000);
    json.put("inference_micros", latency.inference().toNanos() / 1000);
    json.put("encode_micros", latency.encode().toNanos() / 1000);
    return json;
  }
}
