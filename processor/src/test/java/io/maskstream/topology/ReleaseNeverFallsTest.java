package io.maskstream.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.topology.Releases.Chosen;
import io.maskstream.wire.Mask;
import io.maskstream.wire.ModelHistory;
import io.maskstream.wire.Release;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a camera was answered by last, against clocks that jump and tasks that move.
class ReleaseNeverFallsTest {

  private static final Instant BEGIN = PaperCamera.BEGIN;
  private static final Instant SWAP = BEGIN.plusSeconds(60);

  private final PaperCamera gate = new PaperCamera("gate");
  private final HandSegmenter next =
      new HandSegmenter(new Release("paper", "2", "cd".repeat(32))).answeringAtOnce(true);

  @Test
  void aCaptureClockThatJumpsBackKeepsTheNewRelease() {
    TaskRig rig = rig();
    rig.feed(
        gate.next('I', SWAP.minusMillis(80)),
        gate.next('P', SWAP.minusMillis(40)),
        gate.next('P', SWAP),
        gate.next('P', SWAP.minusSeconds(30)),
        gate.next('P', SWAP.plusMillis(40)),
        gate.end());
    assertThat(versions(rig)).containsExactly("1", "1", "2", "2", "2");
    rig.close();
  }

  @Test
  void picturesThatAreFedAheadOfTheirTurnDoNotSwitchEarly() {
    TaskRig rig = rig();
    // The P is fed before the B that precede it in presentation, and lies behind the swap.
    rig.feed(
        gate.next('I', SWAP.minusMillis(120)),
        gate.next('P', SWAP),
        gate.next('B', SWAP.minusMillis(80)),
        gate.next('B', SWAP.minusMillis(40)),
        gate.end());
    assertThat(versions(rig)).containsExactly("1", "1", "1", "2");
    rig.close();
  }

  @Test
  void whoTakesOverGoesOnWithTheReleaseOfTheLastAnswer() {
    TaskRig rig = rig();
    rig.feed(gate.next('I', SWAP.minusMillis(40)), gate.next('P', SWAP), gate.next('P', SWAP));
    assertThat(versions(rig)).containsExactly("1", "2");
    rig.commit();
    rig.killAndRestart();
    rig.feed(gate.next('P', SWAP.minusSeconds(50)), gate.next('P', SWAP.minusSeconds(49)));
    rig.feed(gate.end());
    assertThat(versions(rig)).containsExactly("1", "2", "2", "2", "2");
    assertThat(rig.progress("gate").releaseSince()).isEqualTo(SWAP);
    rig.close();
  }

  private TaskRig rig() {
    TaskRig rig = new TaskRig();
    rig.segmenter.answeringAtOnce(true);
    rig.releases =
        (_, time) ->
            time.isBefore(SWAP)
                ? new Chosen(ModelHistory.BEGINNING, rig.segmenter)
                : new Chosen(SWAP, next);
    return rig;
  }

  private static List<String> versions(TaskRig rig) {
    return rig.masks().stream().map(Mask::release).map(Release::version).toList();
  }
}
