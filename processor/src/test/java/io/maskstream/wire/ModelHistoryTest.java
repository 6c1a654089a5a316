package io.maskstream.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maskstream.wire.ModelHistory.Assignment;
import io.maskstream.wire.ModelHistory.FrameSize;
import io.maskstream.wire.ModelStatus.Loaded;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModelHistoryTest {

  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
  private static final FrameSize FREE = new FrameSize(0, 0, 8, 1_000_000);
  private static final FrameSize FIXED = new FrameSize(513, 257, 0, 0);

  @Test
  void comesBackFromTheTopicAsItWasWritten() {
    ModelHistory history =
        use(use(ModelHistory.empty(ModelHistory.ofCamera("gate")), 1, NOON), 2, NOON.plusSeconds(9))
            .prepare(release(3), "file:///r/3.onnx", FIXED, NOON.plusSeconds(20));
    assertThat(ModelHistory.parse(history.toBytes())).isEqualTo(history);
    assertThat(history.prepared().orElseThrow().number()).isEqualTo(3);
  }

  @Test
  void aStatusComesBackAsItWasWritten() {
    List<Loaded> loaded =
        List.of(
            new Loaded("", 0, release(1), ModelStatus.State.READY, ""),
            new Loaded("all", 7, release(2), ModelStatus.State.LOADING, ""),
            new Loaded("group/yard", 1, release(3), ModelStatus.State.REFUSED, "no memory"));
    ModelStatus status = new ModelStatus("one", "host", NOON, loaded);
    assertThat(ModelStatus.parse(status.toBytes())).isEqualTo(status);
    assertThat(status.alive(NOON.plusSeconds(14))).isTrue();
    assertThat(status.alive(NOON.plusSeconds(15))).isFalse();
  }

  @Test
  void theNewestThatHoldsAtTheCaptureTimeAnswers() {
    ModelHistory history =
        use(use(ModelHistory.empty("all"), 1, NOON), 2, NOON.plusSeconds(10))
            .prepare(release(3), "file:///r/3.onnx", FREE, NOON);
    assertThat(history.at(NOON.minusMillis(1))).isNull();
    assertThat(version(history, NOON)).isEqualTo("1");
    assertThat(version(history, NOON.plusMillis(9999))).isEqualTo("1");
    assertThat(version(history, NOON.plusSeconds(10))).isEqualTo("2");
    assertThat(version(history, NOON.plusSeconds(1000))).as("3 is only prepared").isEqualTo("2");
  }

  @Test
  void captureTimesRiseEvenIfTheClockOfTheCommandDoesNot() {
    ModelHistory history = use(use(ModelHistory.empty("all"), 1, NOON), 2, NOON.minusSeconds(60));
    assertThat(history.newest().orElseThrow().effectiveFrom()).isEqualTo(NOON.plusMillis(1));
  }

  @Test
  void whatIsPreparedIsReplacedAndCancelledWithoutATrace() {
    ModelHistory one = use(ModelHistory.empty("all"), 1, NOON);
    ModelHistory replaced =
        one.prepare(release(2), "file:///2", FREE, NOON)
            .prepare(release(3), "file:///3", FREE, NOON);
    assertThat(replaced.assignments()).extracting(Assignment::number).containsExactly(1L, 3L);
    assertThat(replaced.cancel()).isEqualTo(one);
  }

  @Test
  void goesBackToTheLastReleaseThatWasAnother() {
    ModelHistory history =
        use(
            use(use(ModelHistory.empty("all"), 1, NOON), 2, NOON.plusSeconds(1)),
            2,
            NOON.plusSeconds(2));
    assertThat(history.before().orElseThrow().release()).isEqualTo(release(1));
    assertThat(use(ModelHistory.empty("all"), 1, NOON).before()).isEmpty();
  }

  @Test
  void forgetsOnlyWhatNoKeptFrameNeeds() {
    ModelHistory history = ModelHistory.empty("all");
    for (int i = 0; i < 5000; i++) {
      history = use(history, i % 7, NOON.plusSeconds(i));
    }
    assertThat(history.assignments()).hasSize(2000);
    assertThat(history.toBytes()).hasSizeLessThan(512 << 10);
    assertThat(history.shortened()).isTrue();
    assertThat(history.at(NOON)).isEqualTo(history.assignments().getFirst());
    assertThat(ModelHistory.parse(history.toBytes())).isEqualTo(history);

    ModelHistory rare = ModelHistory.empty("all");
    for (int i = 0; i < 100; i++) {
      rare = use(rare, i, NOON.plus(Duration.ofDays(i)));
    }
    assertThat(rare.assignments()).hasSize(32);
  }

  @Test
  void refusesWhatContradictsItself() {
    assertThatThrownBy(() -> ModelHistory.empty("cameras/x")).hasMessageContaining("scope is not");
    assertThatThrownBy(() -> ModelHistory.empty("camera/")).hasMessage("scope is empty");
    Assignment prepared = new Assignment(1, release(1), "file:///1", FREE, NOON, null, false, "");
    Assignment next = new Assignment(2, release(1), "file:///1", FREE, NOON, NOON, false, "");
    assertThatThrownBy(() -> new ModelHistory("all", List.of(prepared, next), false, null))
        .hasMessage("assignments do not rise: scope=all number=2 after=1");
    assertThatThrownBy(() -> new FrameSize(8, 0, 0, 0)).hasMessageContaining("neither fixed");
    assertThatThrownBy(() -> new FrameSize(0, 0, 32, 1023)).hasMessageContaining("neither fixed");
    assertThatThrownBy(() -> ModelHistory.parse(new byte[] {1, 2}))
        .isInstanceOf(WireException.class);
  }

  private static ModelHistory use(ModelHistory history, int version, Instant from) {
    return history
        .prepare(release(version), "file:///releases/" + version + ".onnx", FREE, from)
        .confirm(from);
  }

  private static String version(ModelHistory history, Instant time) {
    return history.at(time).release().version();
  }

  private static Release release(int version) {
    return new Release("levels", Integer.toString(version), "%064x".formatted(version));
  }
}
