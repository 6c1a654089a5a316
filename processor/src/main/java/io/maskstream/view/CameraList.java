package io.maskstream.view;

import io.maskstream.camera.CameraDirectory;
import io.maskstream.camera.CameraException;
import io.maskstream.topics.Json;
import io.maskstream.topics.MaskHistory;
import io.maskstream.wire.CameraStatus;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/// The cameras that there are: those that publishers have declared, and those that have masks.
/// Asked again after some seconds at the earliest, however many want to know. Thread-safe.
final class CameraList {

  private static final Duration FRESH = Duration.ofSeconds(5);

  private final Properties client;
  private final String declared;
  private final String masks;
  private String json = "[]";
  private long asked = System.nanoTime() - FRESH.toNanos();

  /// @param declared the compacted topic of cameras; need not exist
  /// @param masks the topic of masks
  CameraList(Properties client, String declared, String masks) {
    this.client = client;
    this.declared = declared;
    this.masks = masks;
  }

  /// @throws io.maskstream.topics.AnswerException if no broker answers
  synchronized String json() {
    if (System.nanoTime() - asked >= FRESH.toNanos()) {
      json = Json.of(List.copyOf(cameras().values()));
      asked = System.nanoTime();
    }
    return json;
  }

  private Map<String, Object> cameras() {
    Map<String, Object> cameras = new TreeMap<>();
    for (String camera : MaskHistory.cameras(client, masks)) {
      cameras.put(camera, Map.of("camera_id", camera));
    }
    declared().forEach(status -> cameras.put(status.cameraId(), properties(status)));
    return cameras;
  }

  private List<CameraStatus> declared() {
    try {
      return CameraDirectory.read(client, declared);
    } catch (CameraException _) {
      return List.of(); // Other publishers may do without the topic.
    }
  }

  private static Map<String, Object> properties(CameraStatus camera) {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("camera_id", camera.cameraId());
    properties.put("state", camera.state().name());
    properties.put("description", camera.description());
    properties.put("changed_at", camera.changedAt().toString());
    properties.put("detail", camera.detail());
    return properties;
  }
}
