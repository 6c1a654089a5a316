package io.maskstream.topics;

import io.maskstream.topics.Answer.OfMask;
import io.maskstream.topics.Answer.OfStatistics;
import io.maskstream.topics.Answer.Place;
import io.maskstream.wire.FrameStatistics;
import io.maskstream.wire.FrameStatistics.BoundingBox;
import io.maskstream.wire.FrameStatistics.ClassArea;
import io.maskstream.wire.FrameStatistics.Latency;
import io.maskstream.wire.Identity;
import io.maskstream.wire.Identity.TimeBase;
import io.maskstream.wire.Marker;
import io.maskstream.wire.Mask;
import io.maskstream.wire.Release;
import io.maskstream.wire.RunLengths;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Answers for the tests: masks of 4 x 2 pixels, half road and half car.
public final class Answers {

  public static final Release RELEASE = new Release("streets", "7", "ab".repeat(32));
  public static final byte[] CLASSES = {0, 0, 13, 13, 0, 0, 13, (byte) 255};

  private static final Place PLACE = new Place("test", 0, 0, Instant.EPOCH);

  private Answers() {}

  public static Identity identity(String camera, String session, long sequence, Instant captured) {
    return new Identity(
        camera, session, sequence, sequence * 3600, new TimeBase(1, 90_000), captured);
  }

  public static Mask mask(Identity identity) {
    return new Mask(
        identity,
        RunLengths.of(CLASSES, 4, 2),
        RELEASE,
        new Mask.Source(0, identity.sequence(), 8, 4));
  }

  public static FrameStatistics statistics(Identity identity, Duration endToEnd) {
    return new FrameStatistics(
        identity,
        List.of(
            new ClassArea(0, "road", 4, 0.5, 0.9, new BoundingBox(0, 0, 2, 2)),
            new ClassArea(13, "car", 3, 0.375, null, new BoundingBox(2, 0, 2, 2))),
        8,
        1,
        latency(endToEnd),
        RELEASE,
        null);
  }

  public static Mask marker(Identity identity, Marker marker) {
    return new Mask(identity, marker, null, new Mask.Source(0, identity.sequence(), 0, 0));
  }

  public static FrameStatistics markerStatistics(Identity identity, Marker marker) {
    return FrameStatistics.ofMarker(identity, marker, latency(Duration.ofMillis(5)), null);
  }

  static OfMask maskAnswer(String camera, long sequence) {
    return new OfMask(PLACE, mask(identity(camera, "s", sequence, Instant.EPOCH)), 10);
  }

  static OfStatistics statisticsAnswer(String camera, long sequence) {
    return new OfStatistics(
        PLACE, statistics(identity(camera, "s", sequence, Instant.EPOCH), Duration.ofMillis(80)));
  }

  private static Latency latency(Duration endToEnd) {
    return new Latency(
        endToEnd,
        Duration.ofMillis(2),
        Duration.ofMillis(3),
        Duration.ofMillis(40),
        Duration.ofMillis(1));
  }
}
