package io.maskstream.wire;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one mask holds; one for every answer, markers included.
///
/// @param identity the access unit that was answered
/// @param classes those present, largest first; none for a marker
/// @param pixelCount pixels of the mask, 0 for a marker
/// @param ignoredPixelCount pixels of the ignored class, 255
/// @param latency how long each stage took
/// @param release the release that made the mask; null in a marker that no release was asked for
/// @param marker null where there is a mask
public record FrameStatistics(
    Identity identity,
    List<ClassArea> classes,
    int pixelCount,
    int ignoredPixelCount,
    Latency latency,
    @Nullable Release release,
    @Nullable Marker marker) {

  public FrameStatistics {
    classes = List.copyOf(classes);
    if ((marker != null) != (pixelCount == 0)) {
      throw new IllegalArgumentException(
          "statistics are of a mask with pixels or of a marker without: pixel_count="
              + pixelCount
              + " marker="
              + marker
              + " camera="
              + identity.cameraId());
    }
    if (ignoredPixelCount < 0 || ignoredPixelCount > pixelCount) {
      throw new IllegalArgumentException(
          "ignored_pixel_count is not 0 to pixel_count: " + ignoredPixelCount + " " + pixelCount);
    }
  }

  /// The statistics of an answer without pixels.
  ///
  /// @param release null where no release was asked for
  public static FrameStatistics ofMarker(
      Identity identity, Marker marker, Latency latency, @Nullable Release release) {
    return new FrameStatistics(identity, List.of(), 0, 0, latency, release, marker);
  }

  /// Reads the value of a record of the statistics topic.
  ///
  /// @throws WireException if it is none
  public static FrameStatistics parse(byte @Nullable [] value) {
    return StatisticsMessages.parseFrame(value);
  }

  /// The value of its record.
  public byte[] toBytes() {
    return StatisticsMessages.toMessage(this).toByteArray();
  }

  /// One class in one mask.
  ///
  /// @param classId the class id in the mask, 0 to 255
  /// @param className the release's name of the class
  /// @param pixelCount pixels of the class, at least 1
  /// @param areaFraction share of all pixels of the mask, 0 to 1
  /// @param meanConfidence mean of the winning softmax over the class's pixels, 0 to 1; null where
  ///   the release has no confidence
  /// @param boundingBox the smallest box around the class
  public record ClassArea(
      int classId,
      String className,
      int pixelCount,
      double areaFraction,
      @Nullable Double meanConfidence,
      BoundingBox boundingBox) {

    public ClassArea {
      if (classId < 0 || classId > 255) {
        throw new IllegalArgumentException("class_id is not 0 to 255: " + classId);
      }
      if (pixelCount < 1) {
        throw new IllegalArgumentException(
            "class has no pixels: class=" + classId + " pixel_count=" + pixelCount);
      }
      if (!(areaFraction >= 0 && areaFraction <= 1)) {
        throw new IllegalArgumentException(
            "area_fraction is not 0 to 1: class=" + classId + " area_fraction=" + areaFraction);
      }
    }
  }

  /// A box in pixels of the mask: first column, first row, columns, rows.
  public record BoundingBox(int x, int y, int width, int height) {}

  /// Time spent on one picture, by stage.
  ///
  /// @param endToEnd from capture to the answer being handed to Kafka; by two machines' clocks, so
  ///   it may be negative
  /// @param decode in the decoder, colour conversion and scaling included
  /// @param queue waiting for its micro-batch
  /// @param inference in the network: the run of the whole micro-batch
  /// @param encode run-length coding and statistics
  public record Latency(
      Duration endToEnd, Duration decode, Duration queue, Duration inference, Duration encode) {}
}
