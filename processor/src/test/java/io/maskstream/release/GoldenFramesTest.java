package io.maskstream.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maskstream.gate.Gate;
import io.maskstream.gate.GateLimits;
import io.maskstream.gate.Reason;
import io.maskstream.inference.InferenceObserver;
import io.maskstream.inference.InferenceSettings;
import io.maskstream.inference.OnnxSegmenter;
import io.maskstream.inference.Proof;
import io.maskstream.inference.ProofLimits;
import io.maskstream.inference.Verdict;
import io.maskstream.video.Size;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GoldenFramesTest {

  private static final Proof PROOF = new Proof(ProofLimits.STANDARD);

  @Test
  void areInEveryPackagedReleaseAndStayBelow64Kibibytes() {
    ReleaseFile release = packaged();
    List<GoldenFrame> frames = GoldenFrames.of(release);
    assertThat(frames)
        .extracting(GoldenFrame::frame)
        .containsExactly(new Size(192, 128), new Size(128, 160));
    assertThat(release.metadata().values().stream().mapToInt(String::length).sum())
        .isLessThan(64 << 10);
  }

  @Test
  void areComparedWhenAReleaseIsLoaded() {
    try (OnnxSegmenter segmenter =
        OnnxSegmenter.open(packaged(), InferenceSettings.standard(), InferenceObserver.NONE)) {
      assertThat(segmenter.goldenDiffering()).hasValue(0);
    }
    try (OnnxSegmenter segmenter =
        OnnxSegmenter.open(Graphs.first(), InferenceSettings.standard(), InferenceObserver.NONE)) {
      assertThat(segmenter.goldenDiffering()).isEmpty();
    }
  }

  @Test
  void areReadAsTheyWereWritten() {
    Random random = new Random(5);
    byte[] rgb = new byte[3 * 64 * 48];
    random.nextBytes(rgb);
    byte[] classes = new byte[100 * 70];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = (byte) random.nextInt(3);
    }
    GoldenFrame written =
        GoldenFrame.of(new Size(128, 96), new Size(64, 48), rgb, new Size(100, 70), classes)
            .orElseThrow();
    GoldenFrame read = GoldenFrame.parse(written.text());
    assertThat(read.rgb()).isEqualTo(rgb);
    assertThat(read.differing(new Size(100, 70), classes)).isZero();
    assertThat(read.pixels()).hasSize(3 * 128 * 96);
    // Every pixel twice in both directions.
    assertThat(read.pixels()[3 * (5 * 128 + 7) + 1]).isEqualTo(rgb[3 * (2 * 64 + 3) + 1]);
  }

  @Test
  void keepFewerPixelsOfALargeMap() {
    byte[] noise = new byte[2048 * 1024];
    new Random(6).nextBytes(noise);
    GoldenFrame golden =
        GoldenFrame.of(
                new Size(2048, 1024), new Size(2, 2), new byte[12], new Size(2048, 1024), noise)
            .orElseThrow();
    assertThat(golden.step()).isGreaterThan(8);
    assertThat(golden.text().length()).isLessThanOrEqualTo(GoldenFrame.MAX_TEXT);
    assertThat(golden.differing(new Size(2048, 1024), noise)).isZero();
    assertThat(golden.differing(new Size(1024, 2048), noise)).isEqualTo(1);
  }

  @Test
  void refuseWhatIsDamagedOrTooLarge() {
    GoldenFrame golden =
        new GoldenFrame(
            new Size(2, 2), new Size(2, 2), new byte[12], new Size(2, 2), 1, new byte[4]);
    for (String damaged :
        List.of(
            golden.text().replace("step=1", "step=0"),
            golden.text().replace("picture=2x2", "picture=99999x99999"),
            golden.text().replace("map=2x2", "map=99999x99999"),
            golden.text().replace("rgb=", "rgb=!"),
            golden.text().replaceAll("classes=.*", "classes="),
            "")) {
      assertThatThrownBy(() -> GoldenFrame.parse(damaged))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void proveThatAReleaseStillDoesWhatItDid() throws InterruptedException {
    assertThat(PROOF.prove(packaged()))
        .isInstanceOfSatisfying(
            Verdict.Proven.class,
            proven -> {
              assertThat(proven.goldenFrames()).isEqualTo(2);
              assertThat(proven.differing()).isZero();
            });
  }

  @Test
  void proveThatAReleaseDoesNotWhenItsWeightsHaveChanged() throws InterruptedException {
    ReleaseFile changed = new Gate(GateLimits.STANDARD).check(Graphs.changed("1"), "changed");
    assertThat(PROOF.prove(changed))
        .isInstanceOfSatisfying(
            Verdict.Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(Reason.GOLDEN_FRAMES));
  }

  private static ReleaseFile packaged() {
    return Graphs.packaged("1");
  }
}
