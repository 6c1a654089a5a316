package io.maskstream.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.painting.ClassColors;
import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.AccessUnit.ColorMatrix;
import io.maskstream.wire.AccessUnit.ColorRange;
import io.maskstream.wire.Codec;
import io.maskstream.wire.Identity;
import io.maskstream.wire.Identity.TimeBase;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OutboxTest {

  private static final int GOP = 10;

  private final Outbox outbox = new Outbox(Set.of("gate", "yard"));
  private long sequence;

  @Test
  void beginsWithAKeyframeAndKeepsTheOrder() throws Exception {
    outbox.offer(picture("gate", 1, 100));
    outbox.offer(picture("elsewhere", 0, 100));
    outbox.offer(picture("gate", 0, 100));
    outbox.offer(picture("yard", 5, 100));
    outbox.offer(picture("gate", 1, 100));
    assertThat(taken()).extracting(Message::keyframe).containsExactly(true, false);
    assertThat(outbox.dropped()).as("what came before is no loss").isZero();
  }

  @Test
  void aClientThatDoesNotReadNeverHoldsMoreThanTheBoundAndGoesOnWithAKeyframe() throws Exception {
    int offered = 0;
    for (int i = 0; i < 500; i++, offered++) {
      outbox.offer(picture("gate", i % GOP, 300_000));
      assertThat(outbox.bytes()).isLessThanOrEqualTo(Outbox.MOST_BYTES);
    }
    List<Message> rest = taken();
    assertThat(rest.getFirst().keyframe()).isTrue();
    assertThat(outbox.dropped()).isEqualTo(offered - rest.size()).isPositive();
    long before = rest.getFirst().picture().identity().sequence();
    for (Message each : rest.subList(1, rest.size())) {
      assertThat(each.picture().identity().sequence()).isEqualTo(++before);
    }
  }

  @Test
  void aClosedOneTakesAndGivesNothing() throws Exception {
    outbox.offer(picture("gate", 0, 100));
    outbox.close();
    outbox.offer(picture("gate", 0, 100));
    assertThat(outbox.take(Duration.ofMinutes(1))).isNull();
    assertThat(outbox.bytes()).isZero();
  }

  private List<Message> taken() throws InterruptedException {
    List<Message> taken = new ArrayList<>();
    for (Message next = outbox.take(Duration.ZERO); next != null; ) {
      taken.add(next);
      next = outbox.take(Duration.ZERO);
    }
    return taken;
  }

  private Message picture(String camera, int inGop, int bytes) {
    Identity identity =
        new Identity(camera, "s", sequence++, sequence, new TimeBase(1, 15), Instant.EPOCH);
    AccessUnit unit =
        new AccessUnit(
            identity,
            Codec.H264,
            inGop == 0,
            ByteBuffer.allocate(bytes),
            0,
            ColorMatrix.UNSPECIFIED,
            ColorRange.UNSPECIFIED,
            false);
    return Message.of(new Picture(unit, null, null, null), "avc1.42e01e", ClassColors.VOC);
  }
}
