package io.maskstream.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.maskstream.wire.Identity;
import io.maskstream.wire.Marker;
import io.maskstream.wire.Marker.Reason;
import io.maskstream.wire.Mask;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecoveryTest {

  private final PaperCamera gate = new PaperCamera("gate");

  @Test
  void whatWasInFlightAtACrashIsAnsweredAfterIt() {
    TaskRig rig = new TaskRig();
    rig.feed(gate.next('I'), gate.next('P'), gate.next('B'), gate.next('P'));
    rig.commit();
    rig.killAndRestart();
    rig.segmenter.answeringAtOnce(true);
    rig.feed(gate.next('B'), gate.end());
    assertExact(rig);
  }

  @Test
  void aTaskThatGetsNoRecordRecoversFromTheCommittedOffset() {
    TaskRig rig = new TaskRig();
    rig.feed(gate.next('I'), gate.next('P'), gate.next('B'));
    rig.commit();
    rig.killAndRestart();
    rig.segmenter.answeringAtOnce(true);
    rig.pass(Duration.ofMillis(5));
    assertThat(rig.watch.recoveredUnits).isEqualTo(3);
    assertThat(SegmentationProcessorTest.sequences(rig)).containsExactly(0L, 2L);
    rig.pass(Duration.ofSeconds(11));
    assertExact(rig);
  }

  @Test
  void picturesHeldBackByReorderingAreStillDueAfterYoungerOnesWereAnswered() {
    TaskRig rig = new TaskRig();
    rig.segmenter.answeringAtOnce(true);
    rig.feed(gate.next('I'), gate.next('P'), gate.next('B'), gate.next('B'));
    assertThat(SegmentationProcessorTest.sequences(rig)).containsExactly(0L, 2L, 3L);
    rig.commit();
    rig.killAndRestart();
    rig.feed(gate.end());
    assertThat(SegmentationProcessorTest.sequences(rig)).containsExactly(0L, 2L, 3L, 1L);
    assertExact(rig);
  }

  @Test
  void aSettledCameraIsNotReadAgain() {
    TaskRig rig = new TaskRig();
    rig.segmenter.answeringAtOnce(true);
    rig.feed(gate.next('I'), gate.next('P'), gate.end());
    rig.commit();
    rig.killAndRestart();
    rig.pass(Duration.ofMillis(5));
    assertThat(rig.watch.recoveredUnits).isEqualTo(-1);
    assertThat(rig.watch.opened).hasSize(1);
  }

  @Test
  void recordsDeliveredAgainAreNotAnsweredAgain() {
    TaskRig rig = new TaskRig();
    rig.segmenter.answeringAtOnce(true);
    rig.feed(gate.next('I'), gate.next('P'), gate.next('B'), gate.next('I'), gate.next('P'));
    rig.restartFrom(0);
    rig.deliverAll();
    rig.feed(gate.next('B'), gate.end());
    assertExact(rig);
  }

  @Test
  void theRestartFollowsTheKeyframes() {
    TaskRig rig = new TaskRig();
    rig.segmenter.answeringAtOnce(true);
    rig.feed(gate.next('I'), gate.next('P'), gate.next('I'));
    assertThat(rig.progress("gate").restartOffset()).isZero();
    rig.feed(gate.next('P'));
    assertThat(rig.progress("gate").restartOffset()).isEqualTo(2);
  }

  @Test
  void whatRetentionDeletedIsAdmittedAndTheRestIsMarkedUntilTheNextKeyframe() {
    TaskRig rig = new TaskRig();
    rig.segmenter.answeringAtOnce(true);
    rig.feed(gate.next('I'), gate.next('P'), gate.next('B'), gate.next('B'), gate.next('P'));
    rig.commit();
    rig.deletedBefore = 4;
    rig.killAndRestart();
    rig.feed(gate.next('P'), gate.next('I'), gate.next('P'), gate.end());
    assertThat(rig.watch.losses).containsExactly("gate 0 4");
    // Picture 1 came out with 4, so nothing older than 4 was left open.
    assertThat(rig.masks())
        .extracting(mask ->
            mask.identity().sequence()
                + (mask.content() instanceof Marker(Reason reason, _) ? " " + reason : ""))
        .containsExactly(
            "0", "2", "3", "1", "4 WAITING_FOR_KEYFRAME", "5 WAITING_FOR_KEYFRAME", "6", "7");
    assertThat(rig.deadLetters()).isEmpty();
  }

  @Test
  void anUnansweredAccessUnitThatRetentionDeletedGoesToTheDeadLetters() {
    TaskRig rig = new TaskRig();
    rig.segmenter.answeringAtOnce(true);
    rig.feed(gate.next('I'), gate.next('P'), gate.next('B'), gate.next('B'));
    rig.commit();
    rig.deletedBefore = 3;
    rig.killAndRestart();
    rig.feed(gate.next('I'), gate.end());
    assertThat(rig.deadLetters()).extracting(letter -> letter.offset()).containsExactly(1L);
    assertThat(SegmentationProcessorTest.sequences(rig)).containsExactly(0L, 2L, 3L, 4L);
    rig.commit();
    rig.killAndRestart();
    rig.pass(Duration.ofMillis(5));
    assertThat(rig.deadLetters()).hasSize(1);
  }

  static LongStream seeds() {
    return LongStream.range(0, 60);
  }

  /// Three cameras with reordering, a segmenter that finishes in any order, sessions that end or
  /// are cut off, silences, and a crash at every tenth step that undoes what was not committed.
  @ParameterizedTest
  @MethodSource("seeds")
  void everyAccessUnitIsAnsweredOnceInOrderAndRightWhateverTheCrashes(long seed) {
    Random random = new Random(seed);
    TaskRig rig =
        new TaskRig(StreamSettings.of("nowhere:1", "rig", Path.of("nowhere")).withInFlight(1000));
    List<PaperCamera> cameras =
        List.of(new PaperCamera("gate"), new PaperCamera("yard"), new PaperCamera("roof"));
    publishGops(rig, cameras, random);
    int records = rig.log.size();
    for (int step = 0; step < 400; step++) {
      switch (random.nextInt(10)) {
        case 0 -> {
          rig.killAndRestart();
          rig.segmenter.answerAll();
        }
        case 1, 2 -> rig.commit();
        case 3 -> rig.pass(Duration.ofMillis(5));
        case 4 -> {
          if (seed % 2 == 0 && random.nextInt(8) == 0) {
            rig.pass(Duration.ofSeconds(11));
          }
        }
        case 5, 6, 7 -> {
          for (int i = random.nextInt(4); i > 0 && rig.segmenter.waiting() > 0; i--) {
            rig.segmenter.answer(random.nextInt(rig.segmenter.waiting()));
          }
        }
        default -> rig.deliver(random.nextInt(1 + records / 60));
      }
    }
    rig.segmenter.answeringAtOnce(true).answerAll();
    rig.deliverAll();
    rig.pass(Duration.ofSeconds(12));
    assertEachOnce(rig, seed % 2 != 0);
    rig.close();
    assertThat(rig.leaks.decoders()).hasValue(0);
    assertThat(rig.leaks.frames()).hasValue(0);
  }

  private static void publishGops(TaskRig rig, List<PaperCamera> cameras, Random random) {
    int[] left = new int[cameras.size()];
    int session = 0;
    for (int record = 0; record < 240; record++) {
      int index = random.nextInt(cameras.size());
      PaperCamera camera = cameras.get(index);
      if (left[index] == 0) {
        left[index] = 3 + random.nextInt(20);
        if (random.nextInt(3) == 0) {
          if (random.nextBoolean()) {
            rig.publish(camera.end());
          }
          camera.reconnect("session-" + session++);
        }
        rig.publish(camera.next('I'));
      } else {
        rig.publish(camera.next(random.nextInt(3) == 0 ? 'P' : 'B'));
      }
      left[index]--;
    }
  }

  private static void assertExact(TaskRig rig) {
    assertEachOnce(rig, true);
  }

  /// A silence in mid-GOP brings a picture out before those that ought to precede it; but for that,
  /// the order is that of presentation.
  private static void assertEachOnce(TaskRig rig, boolean inOrder) {
    PaperTruth truth = PaperTruth.of(rig.log);
    Map<String, List<Long>> answered = new HashMap<>();
    for (Mask mask : rig.masks()) {
      Identity identity = mask.identity();
      long offset = mask.source().offset();
      answered.computeIfAbsent(identity.cameraId(), _ -> new ArrayList<>()).add(offset);
      assertThat(mask.content()).as("answer of %s", identity).isNotInstanceOf(Marker.class);
      assertThat(PaperTruth.hash(mask)).as("pixels of %s", identity).isEqualTo(truth.hash(offset));
    }
    truth
        .presentation()
        .forEach((camera, offsets) -> {
          var answers = assertThat(answered.get(camera)).as("answers of %s", camera);
          if (inOrder) {
            answers.containsExactlyElementsOf(offsets);
          } else {
            answers.containsExactlyInAnyOrderElementsOf(offsets);
          }
        });
  }
}
