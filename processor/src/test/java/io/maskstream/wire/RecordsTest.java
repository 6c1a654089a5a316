package io.maskstream.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import io.maskstream.proto.Masks;
import io.maskstream.wire.FrameStatistics.Latency;
import io.maskstream.wire.LabelCandidate.Reason;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// Records of the answers' topics; the messages are read with protobuf alone to compare.
class RecordsTest {

  @Test
  void aMaskComesBackAsItWasSent() throws InvalidProtocolBufferException {
    assertThat(Mask.parse(Examples.MASK.toBytes())).isEqualTo(Examples.MASK);
    var message = io.maskstream.proto.v1.Mask.parseFrom(Examples.MASK.toBytes());
    assertThat(Masks.decode(message)).containsExactly(0, 0, 0, 11, 11, 0, 0, -1);
    assertThat(message.getWidth()).isEqualTo(4);
    assertThat(message.getHeight()).isEqualTo(2);
    assertThat(message.getSourceWidth()).isEqualTo(1920);
    assertThat(message.getSourceHeight()).isEqualTo(1080);
    assertThat(message.getSourcePartition()).isEqualTo(5);
    assertThat(message.getSourceOffset()).isEqualTo(123_456_789_012L);
    assertThat(message.getRelease().getName()).isEqualTo("cityscapes");
    assertThat(message.getRelease().getVersion()).isEqualTo("7");
    assertThat(message.getRelease().getSha256().size()).isEqualTo(32);
    assertThat(message.getIdentity().getSequence()).isEqualTo(4711);
    assertThat(message.getIdentity().getPts()).isEqualTo(-3003);
    assertThat(message.getIdentity().getTimeBase().getDenominator()).isEqualTo(90000);
    assertThat(message.getIdentity().getCaptureTime().getNanos()).isEqualTo(40_000_001);
  }

  @Test
  void aPngMaskComesBackAsItWasSent() throws InvalidProtocolBufferException {
    byte[] classes = {0, 1, 2, 3, 4, -1};
    Mask mask =
        new Mask(Examples.IDENTITY, Png.of(classes, 3, 2), Examples.RELEASE, Examples.SOURCE);
    assertThat(Mask.parse(mask.toBytes())).isEqualTo(mask);
    assertThat(Masks.decode(io.maskstream.proto.v1.Mask.parseFrom(mask.toBytes())))
        .isEqualTo(classes);
    assertThat(((Png) Mask.parse(mask.toBytes()).content()).classes()).isEqualTo(classes);
  }

  @Test
  void aMarkerOfEveryReasonComesBackAsItWasSent() throws InvalidProtocolBufferException {
    for (Marker.Reason reason : Marker.Reason.values()) {
      Mask marker = new Mask(Examples.IDENTITY, new Marker(reason, "why"), null, Examples.SOURCE);
      assertThat(Mask.parse(marker.toBytes())).isEqualTo(marker);
      var message = io.maskstream.proto.v1.Mask.parseFrom(marker.toBytes());
      assertThat(message.getMarker().getReason()).hasToString("REASON_" + reason);
      assertThat(message.getWidth()).isZero();
    }
  }

  @Test
  void refusesMasksThatContradictThemselves() throws InvalidProtocolBufferException {
    var message = io.maskstream.proto.v1.Mask.parseFrom(Examples.MASK.toBytes()).toBuilder();
    assertRefused(
        Mask::parse,
        message.clone().setWidth(5).build().toByteArray(),
        "a mask contradicts itself: runs have 8 pixels, a mask of 5x2 has 10");
    assertRefused(
        Mask::parse,
        message.clone().clearRelease().build().toByteArray(),
        "a mask contradicts itself: mask names no release: camera=gate-2");
    assertRefused(
        Mask::parse,
        message.clone().clearContent().build().toByteArray(),
        "a mask contradicts itself: content is missing");
    assertRefused(
        Mask::parse,
        message.clone().setSourceOffset(-1).build().toByteArray(),
        "a mask contradicts itself: source_offset is above 2^63 - 1: 18446744073709551615");
    message.getReleaseBuilder().clearSha256();
    assertRefused(
        Mask::parse,
        message.build().toByteArray(),
        "a mask contradicts itself: sha256 is not 64 hexadecimal digits: ");
    assertRefused(Mask::parse, null, "value is null, not a mask");
  }

  @Test
  void frameStatisticsComeBackAsTheyWereSent() throws InvalidProtocolBufferException {
    assertThat(FrameStatistics.parse(Examples.STATISTICS.toBytes())).isEqualTo(Examples.STATISTICS);
    var message = io.maskstream.proto.v1.FrameStatistics.parseFrom(Examples.STATISTICS.toBytes());
    assertThat(message.getLatency().getEndToEndMicros()).isEqualTo(-84_000);
    assertThat(message.getLatency().getDecodeMicros()).isEqualTo(4_000);
    assertThat(message.getLatency().getQueueMicros()).isEqualTo(9_000);
    assertThat(message.getLatency().getInferenceMicros()).isEqualTo(61_000);
    assertThat(message.getLatency().getEncodeMicros()).isEqualTo(300);
    assertThat(message.getClasses(0).getMeanConfidence()).isEqualTo(0.75);
    assertThat(message.getClasses(1).hasMeanConfidence()).isFalse();
    assertThat(message.getClasses(1).getBoundingBox().getHeight()).isEqualTo(8);
    assertThat(message.hasMarker()).isFalse();
  }

  @Test
  void statisticsOfAMarkerHaveNoPixels() {
    Latency latency = Examples.STATISTICS.latency();
    FrameStatistics marker =
        FrameStatistics.ofMarker(Examples.IDENTITY, Examples.MARKER, latency, null);
    assertThat(FrameStatistics.parse(marker.toBytes())).isEqualTo(marker);
    assertThatThrownBy(
            () -> new FrameStatistics(Examples.IDENTITY, List.of(), 0, 0, latency, null, null))
        .hasMessageContaining("statistics are of a mask with pixels or of a marker without");
  }

  @Test
  void aLatencyOfAHundredCenturiesFits() {
    Latency latency =
        new Latency(
            Duration.ofDays(3_652_059), Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);
    FrameStatistics statistics =
        FrameStatistics.ofMarker(Examples.IDENTITY, Examples.MARKER, latency, null);
    assertThat(FrameStatistics.parse(statistics.toBytes()).latency()).isEqualTo(latency);
  }

  @Test
  void theOtherRecordsComeBackAsTheyWereSent() {
    assertThat(WindowStatistics.parse(Examples.WINDOW.toBytes())).isEqualTo(Examples.WINDOW);
    assertThat(DeadLetter.parse(Examples.DEAD_LETTER.toBytes())).isEqualTo(Examples.DEAD_LETTER);
    DeadLetter unidentified = new DeadLetter("maskstream.frames", 0, 0, null, "empty", 0);
    assertThat(DeadLetter.parse(unidentified.toBytes())).isEqualTo(unidentified);
    assertThat(CameraStatus.parse(Examples.CAMERA_STATUS.toBytes()))
        .isEqualTo(Examples.CAMERA_STATUS);
    LabelCandidate unsure =
        new LabelCandidate(Reason.LOW_CONFIDENCE, 0.4, Examples.MASK, Examples.STATISTICS, null);
    assertThat(LabelCandidate.parse(unsure.toBytes())).isEqualTo(unsure);
    LabelCandidate disputed =
        new LabelCandidate(
            Reason.DISAGREEMENT, 0.2, Examples.MASK, Examples.STATISTICS, Examples.RELEASE);
    assertThat(LabelCandidate.parse(disputed.toBytes())).isEqualTo(disputed);
    for (CameraStatus.State state : CameraStatus.State.values()) {
      CameraStatus status =
          new CameraStatus("gate-2", state, "", "s", Examples.CAMERA_STATUS.changedAt(), "");
      assertThat(CameraStatus.parse(status.toBytes())).isEqualTo(status);
    }
  }

  @Test
  void refusesGarbageOnEveryTopic() {
    byte[] garbage = {7, 7, 7};
    assertRefused(FrameStatistics::parse, new byte[0], "value is empty, not frame statistics");
    for (Function<byte[], Object> parse :
        List.<Function<byte[], Object>>of(
            Mask::parse,
            FrameStatistics::parse,
            WindowStatistics::parse,
            DeadLetter::parse,
            LabelCandidate::parse,
            CameraStatus::parse)) {
      assertThatThrownBy(() -> parse.apply(garbage))
          .isInstanceOf(WireException.class)
          .hasMessageContaining("(protobuf maskstream.v1)");
    }
  }

  private static void assertRefused(Function<byte[], Object> parse, byte[] value, String message) {
    assertThatThrownBy(() -> parse.apply(value))
        .isInstanceOf(WireException.class)
        .hasMessage(message);
  }
}
