package io.maskstream.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.wire.FrameStatistics;
import io.maskstream.wire.FrameStatistics.Latency;
import io.maskstream.wire.Identity;
import io.maskstream.wire.Identity.TimeBase;
import io.maskstream.wire.Marker;
import io.maskstream.wire.Marker.Reason;
import io.maskstream.wire.WindowStatistics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenWindowsTest {

  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final Duration GRACE = Duration.ofSeconds(10);

  private OpenWindows windows = new OpenWindows("gate", GRACE);
  private final List<WindowStatistics> finals = new ArrayList<>();

  @Test
  void aWindowIsFinalOnceWhenTheGraceAfterItsEndIsOver() {
    add("s", 0);
    add("s", 59);
    add("s", 60);
    add("s", 69);
    assertThat(finals).isEmpty();
    add("s", 70);
    assertThat(finals).hasSize(1);
    assertThat(finals.get(0).windowStart()).isEqualTo(NOON);
    assertThat(finals.get(0).markerCount()).isEqualTo(2);
    add("s", 300);
    assertThat(finals).extracting(WindowStatistics::markerCount).containsExactly(2L, 3L);
  }

  @Test
  void anAnswerWithinTheGraceStillCounts() {
    add("s", 61);
    add("s", 59);
    assertThat(windows.lastWasLate()).isFalse();
    add("s", 70);
    assertThat(finals).extracting(WindowStatistics::markerCount).containsExactly(1L);
  }

  @Test
  void anAnswerAfterItsWindowWasFinalIsLateAndChangesNothing() {
    add("s", 0);
    add("s", 70);
    add("s", 59);
    assertThat(windows.lastWasLate()).isTrue();
    add("s", 65);
    assertThat(windows.lastWasLate()).isFalse();
    assertThat(finals).hasSize(1);
  }

  @Test
  void aWindowThatSilenceMadeFinalIsNotOpenedAgain() {
    add("s", 5);
    finals.addAll(windows.closeAll());
    add("s", 8);
    assertThat(windows.lastWasLate()).isTrue();
    add("s", 60);
    finals.addAll(windows.closeAll());
    assertThat(finals).extracting(WindowStatistics::windowStart).doesNotHaveDuplicates().hasSize(2);
  }

  @Test
  void aNewSessionFarInThePastStartsTheTimeAnew() {
    add("s", 3600);
    add("s", 0);
    assertThat(windows.lastWasLate()).isTrue();
    add("again", 0);
    assertThat(windows.lastWasLate()).isFalse();
    add("again", 70);
    assertThat(finals)
        .extracting(WindowStatistics::windowStart)
        .containsExactly(NOON.plusSeconds(3600), NOON);
  }

  @Test
  void theStoreGivesBackWhatItWasGiven() {
    add("s", 0);
    add("s", 65);
    windows = OpenWindows.parse("gate", GRACE, windows.toBytes());
    add("s", 66);
    add("s", 59);
    assertThat(windows.lastWasLate()).isFalse();
    add("s", 200);
    assertThat(finals).extracting(WindowStatistics::markerCount).containsExactly(2L, 2L);
  }

  private void add(String session, long second) {
    Instant time = NOON.plusSeconds(second);
    Identity identity = new Identity("gate", session, 0, 0, new TimeBase(1, 1), time);
    Latency latency =
        new Latency(Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);
    FrameStatistics statistics =
        new FrameStatistics(
            identity, List.of(), 0, 0, latency, null, new Marker(Reason.SKIPPED, "test"));
    finals.addAll(windows.add(statistics, time));
  }
}
