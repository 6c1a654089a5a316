package io.maskstream.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maskstream.video.Result.Decoded;
import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.Codec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Native memory has one owner and is given back on every path.
class NativeMemoryTest {

  private static final SceneEncoder.Scene SCENE =
      (t, plane, x, y) -> plane == 0 ? (x * 3 + y * 5 + t * 9) & 255 : 128;

  private static final long BOUND_KIB = 32 << 10;

  private final Decoders decoders = new Decoders(Limits.STANDARD);

  @Test
  void aThousandDecodersOpenedAndClosedLeaveNothingBehind() throws IOException {
    List<AccessUnit> units = units();
    cycles(units, 100);
    long before = ProcessMemory.residentKib();
    cycles(units, 1000);
    assertThat(ProcessMemory.residentKib() - before).isLessThan(BOUND_KIB);
  }

  @Test
  void decodersLeftOpenAreSeenByThatMeasure() throws IOException {
    List<AccessUnit> units = units();
    cycles(units, 10);
    List<Decoder> open = new ArrayList<>();
    long before = ProcessMemory.residentKib();
    try {
      for (int i = 0; i < 100; i++) {
        Decoder decoder = decoders.open(Playback.SAME);
        open.add(decoder);
        use(decoder, units, false);
      }
      assertThat(ProcessMemory.residentKib() - before).isGreaterThan(BOUND_KIB);
    } finally {
      open.forEach(Decoder::close);
    }
  }

  @Test
  void aGridThatFailsClosesTheDecoderAndItsFrames() throws IOException {
    List<AccessUnit> units = units();
    long before = 0;
    for (int i = 0; i < 600; i++) {
      if (i == 100) {
        before = ProcessMemory.residentKib();
      }
      Decoder decoder =
          decoders.open(upright -> {
            throw new IllegalStateException("no release is loaded");
          });
      assertThatThrownBy(() -> use(decoder, units, true)).hasMessage("no release is loaded");
      assertThatThrownBy(decoder::drain).hasMessageContaining("closed");
    }
    assertThat(ProcessMemory.residentKib() - before).isLessThan(BOUND_KIB);
  }

  @Test
  void framesAreReusedOnceClosed() {
    FramePool pool = new FramePool();
    var first = pool.take(3000);
    assertThat(pool.idleBytes()).isZero();
    pool.giveBack(first);
    assertThat(pool.idleBytes()).isEqualTo(3000);
    assertThat(pool.take(3000)).isSameAs(first);
    assertThat(pool.take(3000)).isNotSameAs(first);
  }

  @Test
  void closingAFrameTwiceGivesItsMemoryBackOnce() {
    FramePool pool = new FramePool();
    Size size = new Size(10, 10);
    Frame frame = new Frame(size, size, pool.take(300), pool::giveBack);
    frame.close();
    frame.close();
    assertThat(pool.idleBytes()).isEqualTo(300);
  }

  private void cycles(List<AccessUnit> units, int count) {
    for (int i = 0; i < count; i++) {
      try (Decoder decoder = decoders.open(Playback.SAME)) {
        use(decoder, units, true);
      }
    }
  }

  /// Feeds some and stops in the middle.
  private static void use(Decoder decoder, List<AccessUnit> units, boolean wanted) {
    for (int i = 0; i < units.size(); i++) {
      for (Result result : decoder.decode(units.get(i), i, wanted)) {
        if (result instanceof Decoded decoded) {
          decoded.frame().close();
        }
      }
    }
  }

  private static List<AccessUnit> units() {
    List<AccessUnit> units =
        SceneEncoder.of("libopenh264", new Size(640, 352)).encode(3, SCENE).accessUnits();
    assertThat(units.getFirst().codec()).isEqualTo(Codec.H264);
    return units;
  }
}
