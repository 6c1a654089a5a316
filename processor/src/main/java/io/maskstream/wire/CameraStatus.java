package io.maskstream.wire;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What a publisher says of a camera it publishes; holds no address and no password.
///
/// @param cameraId the camera
/// @param state whether it is being published
/// @param description codec, size and rate in words, such as "h264 High 1920x1080 25 fps"
/// @param sessionId the session that the state is about
/// @param changedAt when the state was reached
/// @param detail one sentence for a person: why it is down
public record CameraStatus(
    String cameraId,
    State state,
    String description,
    String sessionId,
    Instant changedAt,
    String detail) {

  public CameraStatus {
    Fields.requireId("camera_id", cameraId);
    Fields.requireTime("changed_at", changedAt);
  }

  /// Reads the value of a record of the cameras topic.
  ///
  /// @throws WireException if it is none
  public static CameraStatus parse(byte @Nullable [] value) {
    return ControlMessages.parseCameraStatus(value);
  }

  /// The value of its record.
  public byte[] toBytes() {
    return ControlMessages.toMessage(this).toByteArray();
  }

  /// Whether a camera is being published.
  public enum State {
    UP,
    DOWN,
    STOPPED
  }
}
