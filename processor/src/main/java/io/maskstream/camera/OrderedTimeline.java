package io.maskstream.camera;

import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import io.maskstream.camera.PictureOrder.Ranked;
import io.maskstream.wire.Identity.TimeBase;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Times for pictures that come with none, or with times of decoding only: the picture shown n-th
/// gets the time of the one decoded n-th. Access units wait until at most 16 more have been read.
final class OrderedTimeline implements Timeline {

  private final Instant begun;
  private final TimeBase timeBase;
  private final boolean stamped;
  private final PictureOrderCount count;
  private final PictureOrder<Bitstream.Coded> order = new PictureOrder<>();

  /// Times of decoding by place, until the picture of that rank is known.
  private final Map<Long, Long> times = new HashMap<>();

  private long decoded;
  private long latest = -1;

  /// @param stamped whether the container tells times of decoding
  OrderedTimeline(Instant begun, TimeBase timeBase, boolean stamped, PictureOrderCount count) {
    this.begun = begun;
    this.timeBase = timeBase;
    this.stamped = stamped;
    this.count = count;
  }

  @Override
  public TimeBase timeBase() {
    return timeBase;
  }

  @Override
  public List<Placed> place(Bitstream.Coded coded, long pts, long dts, Instant received) {
    latest = stamped && dts != AV_NOPTS_VALUE ? Math.max(latest + 1, dts) : latest + 1;
    times.put(decoded++, latest);
    return placed(order.add(coded, count.of(coded.bytes()), coded.startsSequence()));
  }

  @Override
  public List<Placed> end() {
    return placed(order.end());
  }

  @Override
  public void close() {
    count.close();
  }

  private List<Placed> placed(List<Ranked<Bitstream.Coded>> ranked) {
    return ranked.stream()
        .map(picture -> {
          long pts = Objects.requireNonNull(times.remove(picture.rank()));
          return new Placed(picture.picture(), pts, begun.plus(Timeline.elapsed(pts, timeBase)));
        })
        .toList();
  }
}
