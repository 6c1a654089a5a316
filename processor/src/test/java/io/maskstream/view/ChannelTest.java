package io.maskstream.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.topics.LiveReader.Live;
import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.AccessUnit.ColorMatrix;
import io.maskstream.wire.AccessUnit.ColorRange;
import io.maskstream.wire.Codec;
import io.maskstream.wire.Identity;
import io.maskstream.wire.Identity.TimeBase;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What whoever comes second gets at once.
class ChannelTest {

  private final List<Message> sent = new ArrayList<>();
  private final Channel channel = new Channel(sent::add);
  private long sequence;

  @Test
  void keepsWhatCameSinceTheNewestKeyframe() {
    pictures(3, false, 10);
    assertThat(sent).hasSize(3);
    assertThat(channel.sinceKeyframe()).isEmpty();
    pictures(1, true, 10);
    pictures(4, false, 10);
    assertThat(channel.sinceKeyframe()).isEqualTo(sent.subList(3, 8));
    pictures(1, true, 10);
    assertThat(channel.sinceKeyframe()).isEqualTo(sent.subList(8, 9));
  }

  @Test
  void keepsNothingWhereThatWouldBeTooMuch() {
    pictures(1, true, 1 << 20);
    pictures(9, false, 1 << 20);
    assertThat(sent).hasSize(10);
    assertThat(channel.sinceKeyframe()).isEmpty();
    pictures(1, true, 10);
    assertThat(channel.sinceKeyframe()).hasSize(1);
  }

  private void pictures(int count, boolean keyframe, int bytes) {
    for (int i = 0; i < count; i++, sequence++) {
      AccessUnit unit =
          new AccessUnit(
              new Identity("gate", "s", sequence, sequence, new TimeBase(1, 15), Instant.EPOCH),
              Codec.H264,
              keyframe,
              ByteBuffer.allocate(bytes),
              0,
              ColorMatrix.UNSPECIFIED,
              ColorRange.UNSPECIFIED,
              false);
      channel.add(new Live.Unit(unit), 0);
      channel.release(Pairing.LONGEST_WAIT.toNanos() + 1);
    }
  }
}
