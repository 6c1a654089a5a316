package io.maskstream.wire;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Statistics of one camera over one window of capture time; sent once, when the window is final.
///
/// @param cameraId the camera
/// @param windowStart first instant of the window
/// @param windowEnd first instant after the window
/// @param maskCount masks in the window
/// @param markerCount markers in the window
/// @param classes every class seen in the window, largest mean area first
public record WindowStatistics(
    String cameraId,
    Instant windowStart,
    Instant windowEnd,
    long maskCount,
    long markerCount,
    List<WindowClassArea> classes) {

  public WindowStatistics {
    Fields.requireId("camera_id", cameraId);
    Fields.requireTime("window_start", windowStart);
    Fields.requireTime("window_end", windowEnd);
    classes = List.copyOf(classes);
    if (!windowStart.isBefore(windowEnd)) {
      throw new IllegalArgumentException(
          "window ends before it starts: window_start=%s window_end=%s camera=%s"
              .formatted(windowStart, windowEnd, cameraId));
    }
  }

  /// Reads the value of a record of the window statistics topic.
  ///
  /// @throws WireException if it is none
  public static WindowStatistics parse(byte @Nullable [] value) {
    return StatisticsMessages.parseWindow(value);
  }

  /// The value of its record.
  public byte[] toBytes() {
    return StatisticsMessages.toMessage(this).toByteArray();
  }

  /// One class over one window. Fractions are shares of the picture over all masks of the window; a
  /// mask without the class counts as 0.
  ///
  /// @param classId the class id in the masks, 0 to 255
  /// @param className the release's name of the class
  /// @param maskCount masks that hold the class
  public record WindowClassArea(
      int classId,
      String className,
      long maskCount,
      double meanAreaFraction,
      double minAreaFraction,
      double maxAreaFraction) {}
}
