package io.maskstream.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.topics.LiveReader.Live;
import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.AccessUnit.ColorMatrix;
import io.maskstream.wire.AccessUnit.ColorRange;
import io.maskstream.wire.Codec;
import io.maskstream.wire.FrameStatistics;
import io.maskstream.wire.FrameStatistics.Latency;
import io.maskstream.wire.Identity;
import io.maskstream.wire.Identity.TimeBase;
import io.maskstream.wire.Marker;
import io.maskstream.wire.Mask;
import io.maskstream.wire.RunLengths;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PairingTest {

  private static final long SECOND = 1_000_000_000L;

  private final List<Picture> out = new ArrayList<>();
  private final Pairing pairing = new Pairing(out::add);
  private final Map<Long, Long> presented = new HashMap<>();
  private long now;

  @Test
  void aPictureLeavesWithItsOwnAnswersInDecodingOrder() {
    unit(0, 0);
    unit(1, 3);
    unit(2, 1);
    answer(0);
    answer(2); // shown before, decoded after
    assertThat(sequences()).containsExactly(0L);
    answer(1);
    assertThat(sequences()).containsExactly(0L, 1L, 2L);
    assertThat(out)
        .allSatisfy(picture -> {
          assertThat(picture.mask().identity()).isEqualTo(picture.identity());
          assertThat(picture.statistics().identity()).isEqualTo(picture.identity());
        });
  }

  @Test
  void answersMayComeFirst() {
    answer(0);
    unit(0, 0);
    assertThat(sequences()).containsExactly(0L);
    assertThat(out.getFirst().mask()).isNotNull();
  }

  @Test
  void withoutAnAnswerAPictureLeavesAfterAWhile() {
    unit(0, 0);
    now += Pairing.LONGEST_WAIT.toNanos();
    assertThat(sequences()).isEmpty();
    now += 1;
    assertThat(sequences()).containsExactly(0L);
    assertThat(out.getFirst().mask()).isNull();
  }

  @Test
  void aCandidateIsWaitedForUntilALaterOneTellsThatThisPictureHasNone() {
    candidate(0);
    unit(0, 0);
    unit(1, 1);
    answer(0);
    answer(1);
    assertThat(sequences()).as("the candidate may still come to 1").containsExactly(0L);
    candidate(2);
    assertThat(sequences()).containsExactly(0L, 1L);
    assertThat(out.get(0).candidate()).isNotNull();
    assertThat(out.get(1).candidate()).isNull();
  }

  @Test
  void aCandidateThatHasGoneIsNotWaitedFor() {
    candidate(0);
    unit(1, 1);
    answer(1);
    assertThat(sequences()).isEmpty();
    now += 2 * SECOND;
    assertThat(sequences()).containsExactly(1L);
  }

  @Test
  void answersWithoutAPictureDoNotPileUp() {
    for (int i = 0; i < 100_000; i++) {
      answer(i);
    }
    unit(0, 0);
    assertThat(sequences()).as("its answer is long forgotten").isEmpty();
    unit(99_999, 99_999);
    now += 6 * SECOND;
    assertThat(sequences()).containsExactly(0L, 99_999L);
    assertThat(out.get(0).mask()).isNull();
    assertThat(out.get(1).mask()).isNotNull();
  }

  private List<Long> sequences() {
    pairing.release(now);
    return out.stream().map(picture -> picture.identity().sequence()).toList();
  }

  private void unit(long sequence, long pts) {
    AccessUnit unit =
        new AccessUnit(
            identity(sequence, pts),
            Codec.H264,
            sequence == 0,
            ByteBuffer.wrap(new byte[] {1}),
            0,
            ColorMatrix.UNSPECIFIED,
            ColorRange.UNSPECIFIED,
            false);
    presented.put(sequence, pts);
    pairing.add(new Live.Unit(unit), now);
  }

  private void answer(long sequence) {
    Identity identity = identity(sequence, presented.getOrDefault(sequence, sequence));
    Duration none = Duration.ZERO;
    pairing.add(new Live.Answered(mask(identity), false), now);
    pairing.add(
        new Live.Statistics(
            FrameStatistics.ofMarker(
                identity,
                new Marker(Marker.Reason.SKIPPED, "test"),
                new Latency(none, none, none, none, none),
                null)),
        now);
  }

  private void candidate(long sequence) {
    pairing.add(new Live.Answered(mask(identity(sequence, sequence)), true), now);
  }

  private static Mask mask(Identity identity) {
    return new Mask(
        identity,
        RunLengths.of(new byte[4], 2, 2),
        TellingCameras.SERVING,
        new Mask.Source(0, 0, 2, 2));
  }

  private static Identity identity(long sequence, long pts) {
    return new Identity("gate", "s", sequence, pts, new TimeBase(1, 15), Instant.EPOCH);
  }
}
