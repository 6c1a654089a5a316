package io.maskstream.camera;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.wire.Identity.TimeBase;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CameraClockTest {

  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final Instant NOTE = NOW.minusSeconds(2);

  @Test
  void givesTheNoteToTheAccessUnitThatItBelongsTo() {
    CameraClock parsed = new CameraClock(true, new TimeBase(1, 10));
    assertThat(parsed.captured(NOTE, NOW)).isEqualTo(NOTE.minusMillis(100));
    assertThat(parsed.captured(NOTE.plusMillis(130), NOW)).isEqualTo(NOTE);
    assertThat(parsed.captured(null, NOW)).isEqualTo(NOTE.plusMillis(130));
    assertThat(parsed.captured(null, NOW)).isEqualTo(NOW);
    CameraClock whole = new CameraClock(false, new TimeBase(1, 10));
    assertThat(whole.captured(NOTE, NOW)).isEqualTo(NOTE);
  }

  @Test
  void trustsNoClockThatIsNotSet() {
    CameraClock clock = new CameraClock(false, new TimeBase(1, 10));
    assertThat(clock.captured(Instant.EPOCH, NOW)).isEqualTo(NOW);
    assertThat(clock.captured(NOW.plusSeconds(3600), NOW)).isEqualTo(NOW);
    assertThat(clock.captured(null, NOW)).isEqualTo(NOW);
  }
}
