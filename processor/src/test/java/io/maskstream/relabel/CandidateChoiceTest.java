package io.maskstream.relabel;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.topics.Answers;
import io.maskstream.wire.FrameStatistics;
import io.maskstream.wire.FrameStatistics.BoundingBox;
import io.maskstream.wire.FrameStatistics.ClassArea;
import io.maskstream.wire.Identity;
import io.maskstream.wire.LabelCandidate;
import io.maskstream.wire.LabelCandidate.Reason;
import io.maskstream.wire.Mask;
import io.maskstream.wire.Release;
import io.maskstream.wire.RunLengths;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CandidateChoiceTest {

  private static final Instant START = Instant.parse("2026-05-01T10:00:00Z");
  private static final Release OTHER = new Release("streets", "8", "cd".repeat(32));
  private static final byte IGNORED = (byte) 255;

  private final List<LabelCandidate> chosen = new ArrayList<>();
  private final CandidateChoice choice =
      new CandidateChoice(new Rule(Duration.ofMinutes(1), 0.7, 0.1), chosen::add);

  @Test
  void takesTheMostDoubtfulMaskOfEachCameraAndMinute() {
    for (int second = 0; second < 180; second++) {
      double confidence = second == 42 ? 0.3 : second == 100 ? 0.6 : second < 60 ? 0.5 : 0.9;
      answer("gate", second, confidence);
      answer("yard", second, 0.95);
    }
    choice.flush();
    assertThat(chosen)
        .extracting(candidate -> candidate.identity().sequence())
        .containsExactly(42L, 100L);
    assertThat(chosen.getFirst().reason()).isEqualTo(Reason.LOW_CONFIDENCE);
    assertThat(chosen.getFirst().doubt()).isEqualTo(0.7);
  }

  @Test
  void keepsCandidatesOfACameraHalfASpanApart() {
    for (int second = 0; second < 120; second++) {
      // The worst stand on both sides of the minute.
      answer("gate", second, Math.abs(second - 60) < 3 ? 0.1 : 0.5 + Math.min(second, 85) * 1e-3);
    }
    choice.flush();
    assertThat(chosen)
        .extracting(candidate -> candidate.identity().sequence())
        .containsExactly(58L, 88L);
  }

  @Test
  void comparesWithTheShadowMaskWhicheverComesFirst() {
    answer("gate", 0, 0.95);
    shadow(0, OTHER, 0, 0, 13, 13, 0, 0, 13, 0);
    assertThat(chosen).isEmpty();
    shadow(1, OTHER, 13, 13, 13, 13, 0, 0, 13, 13);
    answer("gate", 1, 0.95);
    shadow(2, Answers.RELEASE, 1, 1, 1, 1, 1, 1, 1, 1);
    answer("gate", 2, 0.95);
    choice.flush();
    assertThat(chosen).hasSize(1);
    LabelCandidate candidate = chosen.getFirst();
    assertThat(candidate.identity().sequence()).isEqualTo(1);
    assertThat(candidate.reason()).isEqualTo(Reason.DISAGREEMENT);
    assertThat(candidate.otherRelease()).isEqualTo(OTHER);
    assertThat(candidate.doubt()).as("2 of 7 pixels, the ignored one left out").isEqualTo(2 / 7.0);
  }

  @Test
  void goesOnAfterWhatWasChosenBefore() {
    choice.chosen(identity("gate", 50));
    for (int second = 0; second < 150; second++) {
      answer("gate", second, second < 90 ? 0.2 : 0.5);
    }
    choice.flush();
    assertThat(chosen)
        .extracting(candidate -> candidate.identity().sequence())
        .containsExactly(80L, 120L);
  }

  @Test
  void handsOverWhatASilentCameraHas() {
    answer("gate", 0, 0.5);
    choice.tick(START.plusSeconds(20));
    assertThat(chosen).isEmpty();
    choice.tick(START.plusSeconds(31));
    assertThat(chosen).hasSize(1);
    answer("gate", 40, 0.1);
    choice.flush();
    assertThat(chosen).as("one a minute").hasSize(1);
  }

  @Test
  void aClockThatFallsBackSilencesNoCamera() {
    choice.chosen(identity("gate", 40_000_000));
    answer("gate", 0, 0.5);
    choice.flush();
    assertThat(chosen).hasSize(1);
  }

  private void answer(String camera, long second, double confidence) {
    Mask mask = Answers.mask(identity(camera, second));
    FrameStatistics like = Answers.statistics(mask.identity(), Duration.ofMillis(80));
    // 4 pixels of road, 3 of car without a confidence: only the road's counts.
    ClassArea road = new ClassArea(0, "road", 4, 0.5, confidence, new BoundingBox(0, 0, 2, 2));
    choice.answered(
        mask,
        new FrameStatistics(
            like.identity(),
            List.of(road, like.classes().get(1)),
            8,
            1,
            like.latency(),
            like.release(),
            null),
        START.plusSeconds(second));
  }

  private void shadow(long second, Release release, int... classes) {
    byte[] pixels = new byte[classes.length];
    for (int i = 0; i < classes.length; i++) {
      pixels[i] = (byte) classes[i];
    }
    Mask like = Answers.mask(identity("gate", second));
    assertThat(Answers.CLASSES).endsWith(IGNORED);
    choice.shadowed(new Mask(like.identity(), RunLengths.of(pixels, 4, 2), release, like.source()));
  }

  private static Identity identity(String camera, long second) {
    return Answers.identity(camera, "s", second, START.plusSeconds(second));
  }
}
