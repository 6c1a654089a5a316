package io.maskstream.topics;

import io.maskstream.wire.FrameStatistics.BoundingBox;
import io.maskstream.wire.FrameStatistics.ClassArea;
import io.maskstream.wire.FrameStatistics.Latency;
import io.maskstream.wire.Identity;
import io.maskstream.wire.Marker;
import io.maskstream.wire.Release;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What answers say, as properties for JSON; the names are those of the messages.
public final class AnswerProperties {

  private AnswerProperties() {}

  /// The caller may add to it.
  public static Map<String, Object> of(Identity identity) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("camera_id", identity.cameraId());
    json.put("session_id", identity.sessionId());
    json.put("sequence", identity.sequence());
    json.put("pts", identity.pts());
    json.put(
        "time_base", identity.timeBase().numerator() + "/" + identity.timeBase().denominator());
    json.put("capture_time", identity.captureTime().toString());
    return json;
  }

  public static Map<String, Object> of(Marker marker) {
    return Map.of("reason", marker.reason().name(), "detail", marker.detail());
  }

  public static Map<String, Object> of(Release release) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", release.name());
    json.put("version", release.version());
    json.put("sha256", release.sha256());
    return json;
  }

  public static List<Map<String, Object>> of(List<ClassArea> classes) {
    return classes.stream().map(AnswerProperties::of).toList();
  }

  public static Map<String, Object> of(Latency latency) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("end_to_end_micros", latency.endToEnd().toNanos() / 1000);
    json.put("decode_micros", latency.decode().toNanos() / 1000);
    json.put("queue_micros", latency.queue().toNanos() / 1000);
    json.put("inference_micros", latency.inference().toNanos() / 1000);
    json.put("encode_micros", latency.encode().toNanos() / 1000);
    return json;
  }

  private static Map<String, Object> of(ClassArea area) {
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
}
