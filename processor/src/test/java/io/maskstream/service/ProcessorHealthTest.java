package io.maskstream.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.metrics.Health;
import io.maskstream.topology.SegmentationStream.State;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProcessorHealthTest {

  @Test
  void isReadyWhileItReads() {
    assertThat(health(State.RUNNING, 0, 3)).isEqualTo(new Health(true, true, "running"));
    assertThat(health(State.CREATED, 0, 0).ready()).isFalse();
    assertThat(health(State.STARTING, 0, 0).ready()).isFalse();
    assertThat(health(State.STOPPED, 0, 0).ready()).isFalse();
  }

  @Test
  void aStuckThreadIsNotReadyAndInTheEndNotAlive() {
    Health stuck = health(State.RUNNING, 0, 20);
    assertThat(stuck.ready()).isFalse();
    assertThat(stuck.live()).isTrue();
    assertThat(stuck.reason()).contains("stuck", "20 s ago");
    assertThat(health(State.RUNNING, 0, 300).live()).isFalse();
  }

  @Test
  void aDeadThreadIsNotAlive() {
    Health dead = health(State.RUNNING, 1, 0);
    assertThat(dead).isEqualTo(new Health(false, false, "stream threads have died: 1"));
  }

  @Test
  void aFailureIsNamedByItsKindAlone() {
    Health failed =
        Processor.health(
            State.FAILED,
            new IllegalStateException("password=secret"),
            1,
            Duration.ZERO,
            List.of());
    assertThat(failed.live()).isFalse();
    assertThat(failed.reason()).contains("IllegalStateException").doesNotContain("secret");
  }

  @Test
  void withoutTheReleaseInForceItIsNotReadyAndSaysWhich() {
    List<String> lacking = List.of("release=city-2 of scope=all is refused");
    Health health = Processor.health(State.RUNNING, null, 0, Duration.ZERO, lacking);
    assertThat(health.live()).isTrue();
    assertThat(health.ready()).isFalse();
    assertThat(health.reason()).contains("release=city-2", "refused", "model status");
  }

  private static Health health(State state, int deadThreads, int secondsSincePoll) {
    return Processor.health(
        state, null, deadThreads, Duration.ofSeconds(secondsSincePoll), List.of());
  }
}
