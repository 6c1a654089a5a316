package io.maskstream.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProofLimitsTest {

  @Test
  void largerFilesAreGivenLonger() {
    assertThat(ProofLimits.STANDARD.deadlineOf(1_000)).isEqualTo(Duration.ofSeconds(15));
    assertThat(ProofLimits.STANDARD.deadlineOf(16L << 20)).isEqualTo(Duration.ofSeconds(15));
    // FCN-8s on VGG-16
    assertThat(ProofLimits.STANDARD.deadlineOf(537_500_000)).isEqualTo(Duration.ofSeconds(139));
    assertThat(ProofLimits.STANDARD.withDeadline(Duration.ofSeconds(3)).deadlineOf(20L << 20))
        .isEqualTo(Duration.ofSeconds(4));
  }
}
