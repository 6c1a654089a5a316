package io.maskstream.camera;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PaceTest {

  @Test
  void waitsUntilAPictureWouldHaveBeenCaptured() {
    assertThat(Pace.REAL_TIME.delayNanos(1_000_000, 400_000)).isEqualTo(600_000);
    assertThat(new Pace(2).delayNanos(1_000_000, 400_000)).isEqualTo(100_000);
    assertThat(new Pace(0.5).delayNanos(1_000_000, 400_000)).isEqualTo(1_600_000);
  }

  @Test
  void neverWaitsForWhatIsLateOrAtMaximum() {
    assertThat(Pace.REAL_TIME.delayNanos(1_000_000, 1_400_000)).isZero();
    assertThat(Pace.MAX.delayNanos(Long.MAX_VALUE, 0)).isZero();
  }

  @Test
  void readsANumberOrMax() {
    assertThat(Pace.parse("max")).isEqualTo(Pace.MAX);
    assertThat(Pace.parse("0.25")).isEqualTo(new Pace(0.25));
    for (String wrong : new String[] {"0", "-1", "NaN", "fast", ""}) {
      assertThatThrownBy(() -> Pace.parse(wrong)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
