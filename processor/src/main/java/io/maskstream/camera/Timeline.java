package io.maskstream.camera;

import io.maskstream.wire.Codec;
import io.maskstream.wire.Identity.TimeBase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Gives a session's access units their place in time; pts come out unique. Not thread-safe.
///
/// Three kinds of source: those that stamp their pictures ([StampedTimeline]), bare pictures of a
/// file, and AVI, whose times are those of decoding ([OrderedTimeline]), and bare pictures from a
/// camera ([ArrivalTimeline]).
sealed interface Timeline extends AutoCloseable
    permits StampedTimeline, OrderedTimeline, ArrivalTimeline {

  /// An access unit at its place.
  ///
  /// @param pts presentation timestamp, in the timeline's time base
  record Placed(Bitstream.Coded coded, long pts, Instant captureTime) {}

  static Timeline of(Session session, Input input, Track track, Bitstream bitstream) {
    if (input.isBare() && input.isLive()) {
      return new ArrivalTimeline(session.begun());
    }
    boolean decodingTimesOnly = input.container().equals("avi");
    if (input.isBare() || decodingTimesOnly) {
      return new OrderedTimeline(
          session.begun(),
          decodingTimesOnly ? track.timeBase() : track.pictureTime(),
          decodingTimesOnly,
          order(track, bitstream));
    }
    return new StampedTimeline(session.begun(), track, input.isLive());
  }

  private static PictureOrderCount order(Track track, Bitstream bitstream) {
    Codec codec = track.format().codec();
    return switch (codec) {
      case H264, HEVC -> new ParsedOrder(track.codecId());
      case MPEG2, MPEG4, AV1, VP8, VP9, MJPEG, PNG -> bitstream.order();
    };
  }

  TimeBase timeBase();

  /// Takes the next access unit in decoding order.
  ///
  /// @param pts the container's, in its time base; FFmpeg's AV_NOPTS_VALUE where there is none
  /// @param dts the container's, likewise
  /// @param received when it was taken or received
  /// @return access units whose place is now known, in decoding order
  List<Placed> place(Bitstream.Coded coded, long pts, long dts, Instant received);

  /// Takes the end of the stream.
  ///
  /// @return all access units left, in decoding order
  List<Placed> end();

  @Override
  void close();

  /// How long after the first picture a pts is, by its time base.
  static Duration elapsed(long units, TimeBase timeBase) {
    double nanos = units * 1e9 * timeBase.numerator() / timeBase.denominator();
    return Duration.ofNanos(Math.round(nanos));
  }
}
