package io.maskstream.camera;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackoffTest {

  private static final Backoff BACKOFF =
      new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30), Duration.ofSeconds(30));

  @Test
  void doublesUpToTheLongestWait() {
    assertThat(IntStream.rangeClosed(1, 9).mapToObj(n -> BACKOFF.delay(n, 1).toMillis()))
        .containsExactly(500L, 1000L, 2000L, 4000L, 8000L, 16_000L, 30_000L, 30_000L, 30_000L);
  }

  @Test
  void spreadsOverTheUpperHalf() {
    assertThat(BACKOFF.delay(3, 0).toMillis()).isEqualTo(1000);
    assertThat(BACKOFF.delay(3, 0.5).toMillis()).isEqualTo(1500);
  }

  @Test
  void staysAtTheLongestWaitHoweverOftenItFails() {
    assertThat(BACKOFF.delay(Integer.MAX_VALUE, 1)).isEqualTo(Duration.ofSeconds(30));
  }
}
