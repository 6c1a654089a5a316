package io.maskstream.topology;

import io.maskstream.video.Decoder;
import io.maskstream.video.Frame;
import io.maskstream.video.Result;
import io.maskstream.video.Size;
import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.Marker;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A decoder whose pictures can be worked out on paper. An access unit is a kind and a number: `I`
/// starts a chain, `P` goes on with it, `B` hangs on it; the four bytes of a picture are the
/// chain's hash, so a picture decoded without its references is wrong. `X` is damaged, `!` breaks
/// the decoder. Like a real one it holds the newest `I` or `P` back until the next comes.
final class PaperDecoder implements Decoder {

  static final Size SIZE = new Size(2, 2);

  /// Decoders and frames that nobody has closed.
  record Leaks(AtomicInteger decoders, AtomicInteger frames) {
    Leaks() {
      this(new AtomicInteger(), new AtomicInteger());
    }
  }

  private final Leaks leaks;
  private boolean started;
  private int chain;
  private @Nullable Held held;

  PaperDecoder(Leaks leaks) {
    this.leaks = leaks;
    leaks.decoders.incrementAndGet();
  }

  @Override
  public List<Result> decode(AccessUnit unit, long ticket, boolean wanted) {
    char kind = (char) unit.data().slice().get(0);
    int number = unit.data().slice().getInt(1);
    List<Result> results = new ArrayList<>();
    switch (kind) {
      case 'I' -> {
        started = true;
        chain = number;
        flush(results);
        held = new Held(ticket, chain, wanted);
        results.add(new Result.Pending(ticket));
      }
      case 'P' -> {
        if (started) {
          chain = next(chain, number);
          flush(results);
          held = new Held(ticket, chain, wanted);
          results.add(new Result.Pending(ticket));
        } else {
          results.add(waiting(ticket));
        }
      }
      case 'B' ->
          results.add(
              started
                  ? new Held(ticket, next(chain, number), wanted).result(leaks)
                  : waiting(ticket));
      case 'X' ->
          results.add(
              new Result.Damaged(ticket, new Marker(Marker.Reason.UNDECODABLE, "torn paper")));
      case '!' -> throw new IllegalStateException("the pencil broke");
      default -> throw new AssertionError(kind);
    }
    return results;
  }

  @Override
  public List<Result> drain() {
    List<Result> results = new ArrayList<>();
    flush(results);
    started = false;
    return results;
  }

  @Override
  public void close() {
    leaks.decoders.decrementAndGet();
  }

  static int next(int chain, int number) {
    return chain * 1_000_003 + number;
  }

  private void flush(List<Result> results) {
    if (held != null) {
      results.add(held.result(leaks));
      held = null;
    }
  }

  private static Result waiting(long ticket) {
    return new Result.Damaged(
        ticket, new Marker(Marker.Reason.WAITING_FOR_KEYFRAME, "no keyframe yet"));
  }

  private record Held(long ticket, int hash, boolean wanted) {
    Result result(Leaks leaks) {
      if (!wanted) {
        return new Result.Passed(ticket);
      }
      ByteBuffer rgb = ByteBuffer.allocateDirect(12).putInt(0, hash);
      leaks.frames.incrementAndGet();
      return new Result.Decoded(
          ticket, new Frame(SIZE, SIZE, rgb, _ -> leaks.frames.decrementAndGet()));
    }
  }
}
