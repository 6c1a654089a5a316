package io.maskstream.trainer.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScheduleTest {

  @Test
  void polyFallsAsTheFormulaSays() {
    Schedule poly = new Schedule(new Schedule.Poly(0.9, 0), 0);
    for (int i = 0; i <= 100; i += 10) {
      assertThat(poly.factor(i, i / 100.0)).isCloseTo(Math.pow(1 - i / 100.0, 0.9), within(1e-12));
    }
    assertThat(poly.factor(100, 1)).isZero();
  }

  /// MMSegmentation's PolyLR: (peak - end) (1 - t)^power + end.
  @Test
  void polyFallsToAnEnd() {
    Schedule poly = new Schedule(new Schedule.Poly(0.9, 1e-4 / 0.01), 0);
    for (double t : new double[] {0, 0.25, 0.9, 1}) {
      double rate = (0.01 - 1e-4) * Math.pow(1 - t, 0.9) + 1e-4;
      assertThat(0.01 * poly.factor(0, t)).isCloseTo(rate, within(1e-12));
    }
  }

  @Test
  void stepsFallAtTheirFractions() {
    Schedule steps = new Schedule(new Schedule.Steps(List.of(0.5, 0.75), 0.1), 0);
    assertThat(steps.factor(49, 0.49)).isEqualTo(1);
    assertThat(steps.factor(50, 0.5)).isCloseTo(0.1, within(1e-12));
    assertThat(steps.factor(80, 0.8)).isCloseTo(0.01, within(1e-12));
  }

  @Test
  void warmUpRisesLinearlyAndNeverStartsAtZero() {
    Schedule warm = new Schedule(new Schedule.Level(), 4);
    assertThat(List.of(0L, 1L, 2L, 3L, 4L, 5L).stream().map(step -> warm.factor(step, 0)))
        .usingElementComparator((a, b) -> Math.abs(a - b) < 1e-12 ? 0 : 1)
        .containsExactly(0.2, 0.4, 0.6, 0.8, 1.0, 1.0);
  }

  @Test
  void refusesWhatIsNoSchedule() {
    assertThatThrownBy(() -> new Schedule.Steps(List.of(1.5), 0.1))
        .hasMessageContaining("fractions between 0 and 1");
    assertThatThrownBy(() -> new Schedule(new Schedule.Level(), -1))
        .hasMessageContaining("warm-up is negative: -1");
  }
}
