package io.maskstream.wire;

import java.time.Instant;

/// Says which picture of which camera something is about; access unit, mask and statistics of one
/// picture carry equal identities.
///
/// @param cameraId the camera, also the key of every record; 1 to 255 characters
/// @param sessionId one connection to the camera: new on every reconnect; 1 to 255 characters
/// @param sequence counts the session's access units in decoding order, from 0
/// @param pts presentation timestamp, in units of the time base
/// @param timeBase seconds of one unit of pts
/// @param captureTime when the picture was taken, by the publisher's best clock; years 1 to 9999
public record Identity(
    String cameraId,
    String sessionId,
    long sequence,
    long pts,
    TimeBase timeBase,
    Instant captureTime) {

  public Identity {
    Fields.requireId("camera_id", cameraId);
    Fields.requireId("session_id", sessionId);
    Fields.requireTime("capture_time", captureTime);
    if (sequence < 0) {
      throw new IllegalArgumentException(
          "sequence is negative: sequence=" + sequence + " camera=" + cameraId);
    }
  }

  /// A fraction of a second.
  public record TimeBase(int numerator, int denominator) {
    public TimeBase {
      if (numerator < 1 || denominator < 1) {
        throw new IllegalArgumentException(
            "time base is not positive: " + numerator + "/" + denominator);
      }
    }
  }
}
