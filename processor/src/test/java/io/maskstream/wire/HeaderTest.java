package io.maskstream.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class HeaderTest {

  @Test
  void aMaskIsACloudEventInBinaryMode() {
    assertThat(Header.ofMask(Examples.IDENTITY))
        .extracting(Header::toString)
        .containsExactly(
            "content-type: application/protobuf",
            "ce_specversion: 1.0",
            "ce_type: io.maskstream.mask.v1",
            "ce_id: 0f9a2c1e-4711",
            "ce_source: /cameras/gate-2",
            "ce_time: 2026-11-01T08:00:00.040000001Z");
  }

  @Test
  void statisticsHaveATypeOfTheirOwn() {
    assertThat(Header.ofStatistics(Examples.IDENTITY))
        .extracting(Header::toString)
        .contains("ce_type: io.maskstream.statistics.v1");
  }

  @Test
  void aWindowHappensAtItsEnd() {
    assertThat(Header.ofWindow(Examples.WINDOW))
        .extracting(Header::toString)
        .contains(
            "ce_type: io.maskstream.statistics.1m.v1",
            "ce_id: 2026-11-01T08:00:00Z",
            "ce_source: /cameras/gate-2",
            "ce_time: 2026-11-01T08:01:00Z");
  }

  @Test
  void aCameraIdThatIsNoUriIsEscaped() {
    Identity identity =
        new Identity(
            "Tor 2/ü",
            "s",
            0,
            0,
            Examples.IDENTITY.timeBase(),
            Instant.parse("2026-11-01T08:00:00Z"));
    assertThat(Header.ofMask(identity))
        .extracting(Header::toString)
        .contains("ce_source: /cameras/Tor%202%2F%C3%BC", "ce_time: 2026-11-01T08:00:00Z");
  }

  @Test
  void constantHeadersAreBuiltOnce() {
    Header first = Header.ofMask(Examples.IDENTITY).getFirst();
    assertThat(Header.ofStatistics(Examples.IDENTITY).getFirst()).isSameAs(first);
  }
}
