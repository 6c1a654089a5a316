package io.maskstream.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RulesTest {

  private static final Rules CANDIDATE = Rules.ofCandidate(3, Optional.empty());
  private static final Rules SERVING = Rules.ofServing(3, Optional.empty());

  @Test
  void aCandidateMayNotFailOnceAndAReleaseInForceOnce() {
    Tally failing = well(100, 10);
    failing.failed(true);
    assertThat(CANDIDATE.fault(failing, well(100, 10)))
        .hasValue("it failed on 1 of the last 101 frames, its scores being no numbers (NaN)");
    assertThat(SERVING.fault(failing, well(100, 10))).isEmpty();
    failing.failed(false);
    assertThat(SERVING.fault(failing, well(100, 10))).isPresent();
  }

  @Test
  void failuresOfLongAgoAreForgotten() {
    Tally once = new Tally();
    once.failed(false);
    once.failed(false);
    assertThat(SERVING.fault(once, new Tally())).isPresent();
    for (int i = 0; i < 500; i++) {
      once.answered(false);
    }
    assertThat(SERVING.fault(once, new Tally())).isEmpty();
    assertThat(once.figures().failed()).isEqualTo(2);
  }

  @Test
  void aMicroBatchThatOnlyWorksFrameByFrameIsAFault() {
    Tally failing = well(100, 10);
    failing.batchFailed();
    assertThat(CANDIDATE.fault(failing, well(100, 10)))
        .hasValue("it failed on 1 micro-batches of several frames");
  }

  @Test
  void timeIsJudgedBesideTheOtherReleaseOnceEnoughIsKnown() {
    assertThat(CANDIDATE.fault(well(100, 31), well(100, 10)).orElseThrow())
        .contains("31", "more than 3 times the 10");
    assertThat(CANDIDATE.fault(well(100, 29), well(100, 10))).isEmpty();
    assertThat(CANDIDATE.fault(well(19, 31), well(100, 10))).isEmpty();
    assertThat(CANDIDATE.fault(well(100, 31), well(19, 10))).isEmpty();
    Rules budget = Rules.ofCandidate(3, Optional.of(Duration.ofMillis(20)));
    assertThat(budget.fault(well(100, 21), new Tally()).orElseThrow())
        .contains("model.frame.budget.ms");
  }

  @Test
  void oneClassIsAFaultOnlyWhereTheOtherReleaseSeesMore() {
    Tally constant = new Tally();
    Tally varied = new Tally();
    for (int i = 0; i < 200; i++) {
      varied.answered(false);
    }
    for (int i = 0; i < 60; i++) {
      constant.answered(true);
    }
    assertThat(CANDIDATE.fault(constant, varied))
        .hasValue(
            "it saw one class only in 60 of the last 60 frames, the other release in 0 of 60");
    assertThat(CANDIDATE.fault(constant, constant)).isEmpty();
  }

  /// So many frames and runs without a fault.
  private static Tally well(int count, int millis) {
    Tally tally = new Tally();
    for (int i = 0; i < count; i++) {
      tally.answered(false);
      tally.ran(Duration.ofMillis(millis));
    }
    return tally;
  }
}
