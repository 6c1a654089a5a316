package io.maskstream.wire;

import io.maskstream.wire.FrameStatistics.BoundingBox;
import io.maskstream.wire.FrameStatistics.ClassArea;
import io.maskstream.wire.FrameStatistics.Latency;
import io.maskstream.wire.WindowStatistics.WindowClassArea;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/// [FrameStatistics], [WindowStatistics] and their messages.
final class StatisticsMessages {

  private StatisticsMessages() {}

  static FrameStatistics parseFrame(byte @Nullable [] value) {
    return CommonMessages.read(
        "frame statistics",
        value,
        io.maskstream.proto.v1.FrameStatistics.parser(),
        StatisticsMessages::frame);
  }

  static WindowStatistics parseWindow(byte @Nullable [] value) {
    return CommonMessages.read(
        "window statistics",
        value,
        io.maskstream.proto.v1.WindowStatistics.parser(),
        StatisticsMessages::window);
  }

  static io.maskstream.proto.v1.FrameStatistics toMessage(FrameStatistics statistics) {
    var message =
        io.maskstream.proto.v1.FrameStatistics.newBuilder()
            .setIdentity(CommonMessages.message(statistics.identity()))
            .setPixelCount(statistics.pixelCount())
            .setIgnoredPixelCount(statistics.ignoredPixelCount())
            .setLatency(message(statistics.latency()));
    for (ClassArea area : statistics.classes()) {
      message.addClasses(message(area));
    }
    if (statistics.release() != null) {
      message.setRelease(CommonMessages.message(statistics.release()));
    }
    if (statistics.marker() != null) {
      message.setMarker(CommonMessages.message(statistics.marker()));
    }
    return message.build();
  }

  static io.maskstream.proto.v1.WindowStatistics toMessage(WindowStatistics statistics) {
    var message =
        io.maskstream.proto.v1.WindowStatistics.newBuilder()
            .setCameraId(statistics.cameraId())
            .setWindowStart(CommonMessages.message(statistics.windowStart()))
            .setWindowEnd(CommonMessages.message(statistics.windowEnd()))
            .setMaskCount(statistics.maskCount())
            .setMarkerCount(statistics.markerCount());
    for (WindowClassArea area : statistics.classes()) {
      message.addClasses(
          io.maskstream.proto.v1.WindowClassArea.newBuilder()
              .setClassId(area.classId())
              .setClassName(area.className())
              .setMaskCount(area.maskCount())
              .setMeanAreaFraction(area.meanAreaFraction())
              .setMinAreaFraction(area.minAreaFraction())
              .setMaxAreaFraction(area.maxAreaFraction()));
    }
    return message.build();
  }

  static FrameStatistics frame(io.maskstream.proto.v1.FrameStatistics message) {
    return new FrameStatistics(
        CommonMessages.identity(message.getIdentity()),
        message.getClassesList().stream().map(StatisticsMessages::area).toList(),
        CommonMessages.signed("pixel_count", message.getPixelCount()),
        CommonMessages.signed("ignored_pixel_count", message.getIgnoredPixelCount()),
        latency(message.getLatency()),
        message.hasRelease() ? CommonMessages.release(message.getRelease()) : null,
        message.hasMarker() ? CommonMessages.marker(message.getMarker()) : null);
  }

  private static WindowStatistics window(io.maskstream.proto.v1.WindowStatistics message) {
    return new WindowStatistics(
        message.getCameraId(),
        CommonMessages.instant("window_start", message.getWindowStart()),
        CommonMessages.instant("window_end", message.getWindowEnd()),
        CommonMessages.signed("mask_count", message.getMaskCount()),
        CommonMessages.signed("marker_count", message.getMarkerCount()),
        message.getClassesList().stream()
            .map(area ->
                new WindowClassArea(
                    area.getClassId(),
                    area.getClassName(),
                    area.getMaskCount(),
                    area.getMeanAreaFraction(),
                    area.getMinAreaFraction(),
                    area.getMaxAreaFraction()))
            .toList());
  }

  private static ClassArea area(io.maskstream.proto.v1.ClassArea message) {
    var box = message.getBoundingBox();
    return new ClassArea(
        message.getClassId(),
        message.getClassName(),
        CommonMessages.signed("classes.pixel_count", message.getPixelCount()),
        message.getAreaFraction(),
        message.hasMeanConfidence() ? message.getMeanConfidence() : null,
        new BoundingBox(box.getX(), box.getY(), box.getWidth(), box.getHeight()));
  }

  private static io.maskstream.proto.v1.ClassArea message(ClassArea area) {
    BoundingBox box = area.boundingBox();
    var message =
        io.maskstream.proto.v1.ClassArea.newBuilder()
            .setClassId(area.classId())
            .setClassName(area.className())
            .setPixelCount(area.pixelCount())
            .setAreaFraction(area.areaFraction())
            .setBoundingBox(
                io.maskstream.proto.v1.BoundingBox.newBuilder()
                    .setX(box.x())
                    .setY(box.y())
                    .setWidth(box.width())
                    .setHeight(box.height()));
    if (area.meanConfidence() != null) {
      message.setMeanConfidence(area.meanConfidence());
    }
    return message.build();
  }

  private static Latency latency(io.maskstream.proto.v1.Latency message) {
    return new Latency(
        Duration.of(message.getEndToEndMicros(), ChronoUnit.MICROS),
        Duration.of(message.getDecodeMicros(), ChronoUnit.MICROS),
        Duration.of(message.getQueueMicros(), ChronoUnit.MICROS),
        Duration.of(message.getInferenceMicros(), ChronoUnit.MICROS),
        Duration.of(message.getEncodeMicros(), ChronoUnit.MICROS));
  }

  private static io.maskstream.proto.v1.Latency message(Latency latency) {
    return io.maskstream.proto.v1.Latency.newBuilder()
        .setEndToEndMicros(micros(latency.endToEnd()))
        .setDecodeMicros(micros(latency.decode()))
        .setQueueMicros(micros(latency.queue()))
        .setInferenceMicros(micros(latency.inference()))
        .setEncodeMicros(micros(latency.encode()))
        .build();
  }

  /// Rounded down. A capture time of year 1 is 6e16 microseconds away, which fits.
  private static long micros(Duration duration) {
    return Math.addExact(
        Math.multiplyExact(duration.getSeconds(), 1_000_000L), duration.getNano() / 1000);
  }
}
