package io.maskstream.camera;

import io.maskstream.wire.Identity.TimeBase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Times of arrival, for pictures that a camera sends without any, such as multipart JPEG. Pictures
/// must come in order of presentation.
final class ArrivalTimeline implements Timeline {

  private static final TimeBase MICROSECOND = new TimeBase(1, 1_000_000);

  private final Instant begun;
  private long previous = -1;

  ArrivalTimeline(Instant begun) {
    this.begun = begun;
  }

  @Override
  public TimeBase timeBase() {
    return MICROSECOND;
  }

  @Override
  public List<Placed> place(Bitstream.Coded coded, long pts, long dts, Instant received) {
    long elapsed = Duration.between(begun, received).toNanos() / 1_000;
    previous = Math.max(previous + 1, elapsed);
    return List.of(new Placed(coded, previous, received));
  }

  @Override
  public List<Placed> end() {
    return List.of();
  }

  @Override
  public void close() {}
}
