package io.maskstream.camera;

import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import io.maskstream.wire.Identity.TimeBase;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;

/// Times as the container or the camera stamped them. A missing stamp is taken from decoding, and
/// one that was given lately moves up to the next free unit.
final class StampedTimeline implements Timeline {

  /// More than any decoder reorders.
  private static final int REMEMBERED = 64;

  private final Instant begun;
  private final TimeBase timeBase;
  private final boolean live;
  private final long pictureUnits;
  private final ArrayDeque<Long> given = new ArrayDeque<>();
  private long previous = AV_NOPTS_VALUE;
  private long origin = AV_NOPTS_VALUE;

  StampedTimeline(Instant begun, Track track, boolean live) {
    this.begun = begun;
    this.timeBase = track.timeBase();
    this.live = live;
    this.pictureUnits =
        Math.max(
            1,
            (long) track.pictureTime().numerator()
                * timeBase.denominator()
                / ((long) track.pictureTime().denominator() * timeBase.numerator()));
  }

  @Override
  public TimeBase timeBase() {
    return timeBase;
  }

  @Override
  public List<Placed> place(Bitstream.Coded coded, long pts, long dts, Instant received) {
    long unique = unique(stamp(pts, dts));
    if (origin == AV_NOPTS_VALUE) {
      origin = unique;
    }
    Instant captured = live ? received : begun.plus(Timeline.elapsed(unique - origin, timeBase));
    return List.of(new Placed(coded, unique, captured));
  }

  @Override
  public List<Placed> end() {
    return List.of();
  }

  @Override
  public void close() {}

  private long stamp(long pts, long dts) {
    if (pts != AV_NOPTS_VALUE) {
      return pts;
    }
    if (dts != AV_NOPTS_VALUE) {
      return dts;
    }
    return previous == AV_NOPTS_VALUE ? 0 : previous + pictureUnits;
  }

  private long unique(long stamp) {
    long free = stamp;
    while (given.contains(free)) {
      free++;
    }
    given.add(free);
    if (given.size() > REMEMBERED) {
      given.remove();
    }
    previous = free;
    return free;
  }
}
