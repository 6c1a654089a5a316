package io.maskstream.cli;

import io.maskstream.painting.RgbPicture;
import io.maskstream.video.Decoder;
import io.maskstream.video.Decoders;
import io.maskstream.video.Frame;
import io.maskstream.video.Grid;
import io.maskstream.video.Limits;
import io.maskstream.video.Result;
import io.maskstream.wire.AccessUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Decodes one session three times: for a person, and on the grid of each of two releases, so that
/// each release sees what it would see in a processor. Not thread-safe.
final class PicturesForTwo implements AutoCloseable {

  private final Decoder upright;
  private final Decoder onA;
  private final Decoder onB;
  private final Map<Long, Frame[]> frames = new TreeMap<>();

  /// Takes pictures in presentation order.
  interface Taker {

    /// @param a is the taker's to close, like b
    void take(RgbPicture picture, Frame a, Frame b);
  }

  PicturesForTwo(Grid a, Grid b) {
    Decoders decoders = new Decoders(Limits.STANDARD);
    upright = decoders.open(size -> size);
    onA = decoders.open(a);
    onB = decoders.open(b);
  }

  void decode(AccessUnit unit, long ticket, Taker taker) {
    collect(0, upright.decode(unit, ticket, true));
    collect(1, onA.decode(unit, ticket, true));
    collect(2, onB.decode(unit, ticket, true));
    hand(taker);
  }

  /// The last pictures.
  void drain(Taker taker) {
    collect(0, upright.drain());
    collect(1, onA.drain());
    collect(2, onB.drain());
    hand(taker);
  }

  private void collect(int which, List<Result> results) {
    for (Result result : results) {
      if (result instanceof Result.Decoded(long ticket, Frame frame)) {
        frames.computeIfAbsent(ticket, _ -> new Frame[3])[which] = frame;
      }
    }
  }

  /// Each decoder gives the same pictures at the same time.
  private void hand(Taker taker) {
    for (Frame[] three : frames.values()) {
      @Nullable Frame picture = three[0];
      if (picture != null && three[1] != null && three[2] != null) {
        RgbPicture copy =
            RgbPicture.copyOf(picture.size().width(), picture.size().height(), picture.rgb());
        picture.close();
        taker.take(copy, three[1], three[2]);
      } else {
        close(three);
      }
    }
    frames.clear();
  }

  private static void close(@Nullable Frame[] three) {
    for (Frame frame : three) {
      if (frame != null) {
        frame.close();
      }
    }
  }

  @Override
  public void close() {
    frames.values().forEach(PicturesForTwo::close);
    upright.close();
    onA.close();
    onB.close();
  }
}
