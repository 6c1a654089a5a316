package io.maskstream.wire;

import io.maskstream.wire.AccessUnit.ColorMatrix;
import io.maskstream.wire.AccessUnit.ColorRange;
import io.maskstream.wire.FrameStatistics.BoundingBox;
import io.maskstream.wire.FrameStatistics.ClassArea;
import io.maskstream.wire.FrameStatistics.Latency;
import io.maskstream.wire.Identity.TimeBase;
import io.maskstream.wire.Mask.Source;
import io.maskstream.wire.WindowStatistics.WindowClassArea;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// One of each record, no two numbers alike.
final class Examples {

  static final Identity IDENTITY =
      new Identity(
          "gate-2",
          "0f9a2c1e",
          4711,
          -3003,
          new TimeBase(1, 90000),
          Instant.parse("2026-11-01T08:00:00.040000001Z"));

  static final AccessUnit ACCESS_UNIT =
      new AccessUnit(
          IDENTITY,
          Codec.HEVC,
          true,
          ByteBuffer.wrap(new byte[] {0, 0, 0, 1, 38, 1, -81}),
          270,
          ColorMatrix.BT709,
          ColorRange.FULL,
          false);

  static final AccessUnit END_OF_SESSION =
      new AccessUnit(
          IDENTITY,
          Codec.H264,
          false,
          ByteBuffer.allocate(0),
          0,
          ColorMatrix.UNSPECIFIED,
          ColorRange.UNSPECIFIED,
          true);

  static final Release RELEASE = new Release("cityscapes", "7", "00ff".repeat(16));

  static final Marker MARKER = new Marker(Marker.Reason.UNDECODABLE, "no picture in it");

  static final Source SOURCE = new Source(5, 123_456_789_012L, 1920, 1080);

  static final Mask MASK =
      new Mask(
          IDENTITY, RunLengths.of(new byte[] {0, 0, 0, 11, 11, 0, 0, -1}, 4, 2), RELEASE, SOURCE);

  static final FrameStatistics STATISTICS =
      new FrameStatistics(
          IDENTITY,
          List.of(
              new ClassArea(0, "road", 5, 0.625, 0.75, new BoundingBox(1, 2, 3, 4)),
              new ClassArea(11, "person", 2, 0.25, null, new BoundingBox(5, 6, 7, 8))),
          8,
          1,
          new Latency(
              Duration.ofNanos(-84_000_000),
              Duration.ofMillis(4),
              Duration.ofMillis(9),
              Duration.ofMillis(61),
              Duration.ofNanos(300_000)),
          RELEASE,
          null);

  static final WindowStatistics WINDOW =
      new WindowStatistics(
          "gate-2",
          Instant.parse("2026-11-01T08:00:00Z"),
          Instant.parse("2026-11-01T08:01:00Z"),
          1499,
          1,
          List.of(new WindowClassArea(11, "person", 700, 0.125, 0.03125, 0.5)));

  static final DeadLetter DEAD_LETTER =
      new DeadLetter("maskstream.frames", 3, 42, IDENTITY, "codec is missing", 1_048_576);

  static final CameraStatus CAMERA_STATUS =
      new CameraStatus(
          "gate-2",
          CameraStatus.State.DOWN,
          "h264 High 1920x1080 25 fps",
          "0f9a2c1e",
          Instant.parse("2026-11-01T08:00:00.04Z"),
          "no answer for 10 s");

  private Examples() {}
}
