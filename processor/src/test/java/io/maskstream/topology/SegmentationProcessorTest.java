package io.maskstream.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maskstream.topology.StreamSettings.RecordLimits;
import io.maskstream.topology.StreamSettings.Timing;
import io.maskstream.video.Size;
import io.maskstream.wire.AccessUnits;
import io.maskstream.wire.Marker;
import io.maskstream.wire.Marker.Reason;
import io.maskstream.wire.Mask;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class SegmentationProcessorTest {

  private static final StreamSettings SETTINGS =
      StreamSettings.of("nowhere:1", "rig", Path.of("nowhere"));

  private final PaperCamera gate = new PaperCamera("gate");

  @Test
  void answersInTheOrderOfPresentationWhateverTheSegmenterFinishesFirst() {
    TaskRig rig = new TaskRig();
    rig.feed(gate.next('I'), gate.next('P'), gate.next('B'), gate.next('B'), gate.next('P'));
    assertThat(rig.segmenter.waiting()).isEqualTo(4);
    rig.segmenter.answer(3);
    rig.segmenter.answer(2);
    rig.pass(Duration.ofMillis(5));
    assertThat(rig.masks()).isEmpty();
    rig.segmenter.answer(0);
    rig.segmenter.answer(0);
    rig.pass(Duration.ofMillis(5));
    assertThat(sequences(rig)).containsExactly(0L, 2L, 3L, 1L);
    assertThat(rig.progress("gate").due(4)).isTrue();
  }

  @Test
  void markersTakeTheirTurnAmongTheMasks() {
    TaskRig rig = new TaskRig();
    rig.feed(gate.next('I'), gate.next('P'), gate.next('X'), gate.next('P'));
    rig.pass(Duration.ofMillis(5));
    assertThat(rig.masks()).isEmpty();
    rig.segmenter.answerAll();
    rig.pass(Duration.ofMillis(5));
    assertThat(sequences(rig)).containsExactly(0L, 2L, 1L);
    assertThat(rig.masks().get(1).content())
        .isEqualTo(new Marker(Reason.UNDECODABLE, "torn paper"));
    assertThat(rig.statistics()).hasSize(3);
    assertThat(rig.statistics().get(1).marker())
        .isEqualTo(new Marker(Reason.UNDECODABLE, "torn paper"));
  }

  @Test
  void aFrameOnWhichTheNetworkFailsBecomesAMarkerAndItsNeighboursDoNot() {
    TaskRig rig = new TaskRig();
    rig.feed(gate.next('I'), gate.next('P'), gate.next('P'), gate.next('P'));
    rig.segmenter.fail(1, "out of memory");
    rig.segmenter.answerAll();
    rig.pass(Duration.ofMillis(5));
    assertThat(rig.masks())
        .extracting(mask -> mask.content() instanceof Marker)
        .containsExactly(false, true, false);
    assertThat(rig.masks().get(1).content())
        .isEqualTo(new Marker(Reason.INFERENCE_FAILED, "out of memory"));
  }

  @Test
  void recordsThatAreNoAccessUnitsGoToTheDeadLettersOnceAndHarmNobody() {
    TaskRig rig = new TaskRig();
    rig.segmenter.answeringAtOnce(true);
    byte[] unit = AccessUnits.toBytes(gate.next('I'));
    rig.feed(gate.next('I'));
    rig.publish("gate", "garbage".getBytes(StandardCharsets.UTF_8));
    rig.publish(null, unit);
    rig.publish("gate", new byte[0]);
    rig.publish("gate", null);
    rig.publish("other", unit);
    rig.deliverAll();
    rig.feed(gate.next('P'));
    assertThat(rig.deadLetters())
        .extracting(letter -> letter.offset())
        .containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(rig.deadLetters()).extracting(letter -> letter.reason()).doesNotContain("");
    assertThat(rig.deadLetters().get(4).identity().cameraId()).isEqualTo("gate");
    assertThat(rig.masks()).hasSize(1);
  }

  @Test
  void aRecordLargerThanAllowedIsADeadLetter() {
    TaskRig rig = new TaskRig(SETTINGS.withLimits(new RecordLimits(2048, 1 << 20)));
    rig.publish("gate", new byte[2049]);
    rig.deliverAll();
    assertThat(rig.deadLetters()).hasSize(1);
    assertThat(rig.deadLetters().get(0).reason()).contains("bytes=2049").contains("limit=2048");
    assertThat(rig.deadLetters().get(0).valueSizeBytes()).isEqualTo(2049);
  }

  @Test
  void aDeadLetterIsNotWrittenAgainWhenItsRecordIsDeliveredAgain() {
    TaskRig rig = new TaskRig();
    rig.publish("gate", new byte[] {1});
    rig.deliverAll();
    rig.restartFrom(0);
    rig.publish("gate", new byte[] {1});
    rig.deliverAll();
    assertThat(rig.deadLetters()).extracting(letter -> letter.offset()).containsExactly(0L, 1L);
  }

  @Test
  void endOfSessionBringsTheLastPicturesOutAndHasNoAnswerItself() {
    TaskRig rig = new TaskRig();
    rig.segmenter.answeringAtOnce(true);
    rig.feed(gate.next('I'), gate.next('P'), gate.end());
    assertThat(sequences(rig)).containsExactly(0L, 1L);
    assertThat(rig.leaks.decoders()).hasValue(0);
    assertThat(rig.progress("gate").settled()).isTrue();
  }

  @Test
  void aNewSessionFirstBringsTheOldOnesPicturesOut() {
    TaskRig rig = new TaskRig();
    rig.segmenter.answeringAtOnce(true);
    rig.feed(gate.next('I'), gate.next('P'));
    gate.reconnect("second");
    rig.feed(gate.next('I'), gate.next('P'));
    assertThat(rig.masks())
        .extracting(mask -> mask.identity().sessionId() + mask.identity().sequence())
        .containsExactly("first0", "first1", "second0");
    assertThat(rig.leaks.decoders()).hasValue(1);
  }

  @Test
  void aSilentCameraGivesUpItsLastPicturesAndGoesOnWhereItWas() {
    TaskRig rig = new TaskRig();
    rig.segmenter.answeringAtOnce(true);
    PaperCamera other = new PaperCamera("other");
    rig.feed(gate.next('I'), other.next('I'), gate.next('P'), gate.next('B'), other.next('P'));
    rig.pass(Duration.ofSeconds(11));
    assertThat(sequences(rig, "gate")).containsExactly(0L, 2L, 1L);
    assertThat(rig.watch.idle).containsExactlyInAnyOrder("gate", "other");
    assertThat(rig.leaks.decoders()).hasValue(0);
    rig.feed(gate.next('P'), gate.next('B'), gate.end());
    assertThat(sequences(rig, "gate")).containsExactly(0L, 2L, 1L, 4L, 3L);
    assertPixelsOf(rig, "gate");
  }

  @Test
  void timersRunOnlyWhileThereIsSomethingToWaitFor() {
    TaskRig rig = new TaskRig();
    rig.pass(Duration.ofMillis(5));
    long quiet = rig.timers();
    rig.feed(gate.next('I'), gate.next('P'));
    assertThat(rig.timers()).isEqualTo(quiet + 2);
    rig.segmenter.answerAll();
    rig.pass(Duration.ofMillis(5));
    assertThat(rig.timers()).isEqualTo(quiet + 1);
    rig.pass(Duration.ofSeconds(11));
    rig.segmenter.answerAll();
    rig.pass(Duration.ofSeconds(71));
    assertThat(rig.timers()).isEqualTo(quiet);
  }

  @Test
  void waitsForItsOwnOldestFrameWhenTooManyAreInFlight() throws Exception {
    TaskRig rig = new TaskRig(SETTINGS.withInFlight(2));
    rig.feed(gate.next('I'), gate.next('P'), gate.next('P'));
    rig.publish(gate.next('P'));
    Thread stream = Thread.ofPlatform().start(() -> rig.deliver(1));
    assertThat(stream.join(Duration.ofMillis(200))).isFalse();
    rig.segmenter.answer(0);
    assertThat(stream.join(Duration.ofSeconds(10))).isTrue();
    assertThat(rig.masks()).hasSize(1);
  }

  @Test
  void saysThatTheSegmenterHangsBeforeTheTransactionBreaks() {
    TaskRig rig =
        new TaskRig(SETTINGS.withInFlight(1).withTransactionTimeout(Duration.ofSeconds(1)));
    rig.feed(gate.next('I'), gate.next('P'));
    rig.publish(gate.next('P'));
    assertThatThrownBy(rig::deliverAll)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("the segmenter has not answered")
        .hasMessageContaining("transaction timeout");
  }

  @Test
  void aBrokenDecoderMarksWhatItHeldAndIsReplaced() {
    TaskRig rig = new TaskRig();
    rig.segmenter.answeringAtOnce(true);
    rig.feed(gate.next('I'), gate.next('P'), gate.next('!'), gate.next('P'), gate.next('I'));
    rig.feed(gate.end());
    assertThat(rig.masks())
        .extracting(
            mask -> mask.content() instanceof Marker(Reason reason, _) ? reason.name() : "mask")
        .containsExactly("mask", "UNDECODABLE", "UNDECODABLE", "WAITING_FOR_KEYFRAME", "mask");
    assertThat(rig.leaks.decoders()).hasValue(0);
  }

  @Test
  void aMaskLargerThanAllowedBecomesAMarker() {
    TaskRig rig = new TaskRig(SETTINGS.withLimits(new RecordLimits(1 << 20, 1024)));
    rig.segmenter.answeringAtOnce(true).drawNoise(64);
    rig.feed(gate.next('I'), gate.next('P'));
    assertThat(rig.masks()).hasSize(1);
    assertThat(((Marker) rig.masks().get(0).content()).reason()).isEqualTo(Reason.TOO_LARGE);
  }

  @Test
  void aCameraThatIsSetToASizeHasFramesOfItAndOthersWhatTheReleaseWants() {
    TaskRig rig = new TaskRig(SETTINGS.withCameraSizes(Map.of("gate", new Size(8, 6))));
    rig.feed(gate.next('I'), new PaperCamera("yard").next('I'));
    assertThat(rig.watch.opened).containsExactly("gate", "yard");
    assertThat(rig.watch.frameSizes).containsExactly(new Size(8, 6), PaperDecoder.SIZE);
  }

  @Test
  void initCloseInitLeaksNothing() {
    TaskRig rig = new TaskRig();
    rig.feed(gate.next('I'), gate.next('P'), gate.next('P'));
    rig.commit();
    long timers = rig.timers();
    rig.initAgain();
    assertThat(rig.leaks.decoders()).hasValue(0);
    assertThat(rig.timers()).isLessThan(timers);
    rig.pass(Duration.ofMillis(5));
    assertThat(rig.leaks.decoders()).hasValue(1);
    rig.close();
    assertThat(rig.leaks.decoders()).hasValue(0);
    assertThat(rig.leaks.frames()).hasValue(0);
    assertThat(rig.timers()).isZero();
  }

  @Test
  void outputsCarryCaptureTimeIdentityTraceAndCloudEvent() {
    TaskRig rig = new TaskRig();
    rig.segmenter.answeringAtOnce(true);
    RecordHeaders headers = new RecordHeaders();
    headers.add("traceparent", "00-1-2-01".getBytes(StandardCharsets.UTF_8));
    rig.publish("gate", AccessUnits.toBytes(gate.next('I')), headers);
    rig.publish(gate.next('P'));
    rig.publish(gate.next('P', Instant.parse("2027-01-01T00:00:00Z")));
    rig.publish(gate.next('P'));
    rig.deliverAll();
    TaskRig.Output first = rig.outputs("masks").get(0);
    assertThat(first.key()).isEqualTo("gate".getBytes(StandardCharsets.UTF_8));
    assertThat(first.timestamp()).isEqualTo(PaperCamera.BEGIN.toEpochMilli());
    assertThat(text(first, "traceparent")).isEqualTo("00-1-2-01");
    assertThat(text(first, "ce_id")).isEqualTo("first-0");
    assertThat(text(first, "ce_source")).isEqualTo("/cameras/gate");
    assertThat(rig.outputs("masks").get(1).headers().lastHeader("traceparent")).isNull();
    assertThat(rig.outputs("masks").get(2).timestamp())
        .isEqualTo(TaskRig.MORNING + Duration.ofMinutes(5).toMillis());
    assertThat(rig.masks().get(0).source().offset()).isZero();
  }

  @Test
  void sequenceNumbersLeftOutAreCounted() {
    TaskRig rig = new TaskRig();
    rig.feed(gate.next('I'));
    gate.next('P');
    gate.next('P');
    rig.feed(gate.next('P'));
    gate.reconnect("second");
    rig.feed(gate.next('I'));
    assertThat(rig.watch.missing).isEqualTo(2);
  }

  @Test
  void aCameraSilentForLongIsForgotten() {
    Timing timing = new Timing(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ZERO);
    TaskRig rig = new TaskRig(SETTINGS.withTiming(timing));
    rig.segmenter.answeringAtOnce(true);
    rig.feed(gate.next('I'), gate.next('P'));
    rig.pass(Duration.ofSeconds(5));
    assertThat(rig.masks()).hasSize(2);
    assertThat(rig.progress("gate")).isNull();
  }

  static List<Long> sequences(TaskRig rig) {
    return rig.masks().stream().map(mask -> mask.identity().sequence()).toList();
  }

  static List<Long> sequences(TaskRig rig, String cameraId) {
    return rig.masks().stream()
        .filter(mask -> mask.identity().cameraId().equals(cameraId))
        .map(mask -> mask.identity().sequence())
        .toList();
  }

  private static void assertPixelsOf(TaskRig rig, String cameraId) {
    PaperTruth truth = PaperTruth.of(rig.log);
    for (Mask mask : rig.masks()) {
      if (mask.identity().cameraId().equals(cameraId)) {
        assertThat(PaperTruth.hash(mask))
            .as("picture %s", mask.identity())
            .isEqualTo(truth.hash(mask.source().offset()));
      }
    }
  }

  private static String text(TaskRig.Output output, String header) {
    return new String(output.headers().lastHeader(header).value(), StandardCharsets.UTF_8);
  }
}
