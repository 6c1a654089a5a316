package io.maskstream.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CameraProgressTest {

  private static final Instant NOW = Instant.parse("2026-11-01T08:00:00.040000001Z");

  @Test
  void comesBackFromTheStoreAsItWasPut() {
    Random random = new Random(6);
    for (int round = 0; round < 1000; round++) {
      long restart = random.nextLong(1L << (1 + random.nextInt(62)));
      long[] unanswered =
          random.longs(random.nextInt(40), restart, restart + 200).sorted().distinct().toArray();
      CameraProgress progress =
          new CameraProgress(
              restart,
              restart + 200,
              unanswered,
              "0f9a2c1e",
              round % 2 == 0,
              round % 3 == 0 ? ModelHistory.BEGINNING : NOW.minusSeconds(round),
              NOW);
      assertThat(CameraProgress.parse(progress.toBytes())).isEqualTo(progress);
    }
  }

  @Test
  void readsTheStateOfAProcessorThatKnewNoSwaps() {
    byte[] before = {1, 10, 20, 1, 12, 1, 's', 0, (byte) 0x80, (byte) 0x80, 8, 0};
    CameraProgress progress = CameraProgress.parse(before);
    assertThat(progress.releaseSince()).isEqualTo(ModelHistory.BEGINNING);
    assertThat(progress.unanswered()).containsExactly(12);
    assertThat(progress.toBytes()).as("it can go back until the first swap").isEqualTo(before);
  }

  @Test
  void isSmallBecauseItIsWrittenWithEveryAnswer() {
    long[] unanswered = LongStream.range(0, 32).map(i -> 1_000_000_000L + 2 * i).toArray();
    assertThat(
            new CameraProgress(999_999_900, 1_000_000_100, unanswered, "0f9a2c1e", false, NOW)
                .toBytes())
        .hasSizeLessThan(80);
  }

  @Test
  void saysWhichOffsetsHaveTheirAnswer() {
    CameraProgress progress = new CameraProgress(10, 20, new long[] {12, 17}, "s", false, NOW);
    assertThat(LongStream.range(0, 25).filter(progress::answered))
        .containsExactly(
            0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 11L, 13L, 14L, 15L, 16L, 18L, 19L);
  }

  @Test
  void refusesOffsetsThatContradictEachOther() {
    assertThatThrownBy(() -> new CameraProgress(0, 5, new long[] {2, 2}, "s", false, NOW))
        .hasMessage("unanswered offsets do not rise below answered_through=5: [2, 2]");
    assertThatThrownBy(() -> new CameraProgress(0, 5, new long[] {5}, "s", false, NOW))
        .hasMessage("unanswered offsets do not rise below answered_through=5: [5]");
    assertThatThrownBy(() -> new CameraProgress(-1, 5, new long[0], "s", false, NOW))
        .hasMessage("offset is negative: restart=-1 answered_through=5");
  }

  @Test
  void refusesTheStateOfALaterVersionAndDamage() {
    byte[] value = new CameraProgress(10, 20, new long[] {12}, "s", false, NOW).toBytes();
    byte[] later = value.clone();
    later[0] = 9;
    assertThatThrownBy(() -> CameraProgress.parse(later))
        .isInstanceOf(WireException.class)
        .hasMessageContaining("version=9 known=2; run the newer processor");
    for (int length = 0; length < value.length; length++) {
      byte[] cut = Arrays.copyOf(value, length);
      assertThatThrownBy(() -> CameraProgress.parse(cut)).isInstanceOf(WireException.class);
    }
    assertThatThrownBy(() -> CameraProgress.parse(Arrays.copyOf(value, value.length + 1)))
        .hasMessage("camera progress is damaged: it goes on after its end");
    assertThatThrownBy(() -> CameraProgress.parse(null)).hasMessage("camera progress is empty");
  }

  @Test
  void survivesAHostileStore() {
    byte[] good = new CameraProgress(10, 2000, new long[] {12, 1999}, "s", false, NOW).toBytes();
    Random random = new Random(8);
    int refused = 0;
    for (int round = 0; round < 20_000; round++) {
      byte[] hostile = good.clone();
      hostile[random.nextInt(hostile.length)] = (byte) random.nextInt(256);
      hostile[random.nextInt(hostile.length)] = (byte) random.nextInt(256);
      try {
        CameraProgress.parse(hostile);
      } catch (WireException e) {
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }
}
