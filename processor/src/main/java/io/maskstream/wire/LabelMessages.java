package io.maskstream.wire;

import io.maskstream.wire.LabelCandidate.Reason;
import org.jspecify.annotations.Nullable;

/// [LabelCandidate] and its message.
final class LabelMessages {

  private LabelMessages() {}

  static LabelCandidate parse(byte @Nullable [] value) {
    return CommonMessages.read(
        "a label candidate",
        value,
        io.maskstream.proto.v1.LabelCandidate.parser(),
        message ->
            new LabelCandidate(
                reason(message),
                message.getDoubtFraction(),
                MaskMessages.mask(message.getMask()),
                StatisticsMessages.frame(message.getStatistics()),
                message.hasOtherRelease()
                    ? CommonMessages.release(message.getOtherRelease())
                    : null));
  }

  static io.maskstream.proto.v1.LabelCandidate toMessage(LabelCandidate candidate) {
    var reason =
        switch (candidate.reason()) {
          case LOW_CONFIDENCE -> io.maskstream.proto.v1.LabelCandidate.Reason.REASON_LOW_CONFIDENCE;
          case DISAGREEMENT -> io.maskstream.proto.v1.LabelCandidate.Reason.REASON_DISAGREEMENT;
        };
    var message =
        io.maskstream.proto.v1.LabelCandidate.newBuilder()
            .setIdentity(CommonMessages.message(candidate.identity()))
            .setReason(reason)
            .setDoubtFraction(candidate.doubt())
            .setMask(MaskMessages.toMessage(candidate.mask()))
            .setStatistics(StatisticsMessages.toMessage(candidate.statistics()));
    if (candidate.otherRelease() != null) {
      message.setOtherRelease(CommonMessages.message(candidate.otherRelease()));
    }
    return message.build();
  }

  private static Reason reason(io.maskstream.proto.v1.LabelCandidate message) {
    return switch (message.getReason()) {
      case REASON_LOW_CONFIDENCE -> Reason.LOW_CONFIDENCE;
      case REASON_DISAGREEMENT -> Reason.DISAGREEMENT;
      case REASON_UNSPECIFIED, UNRECOGNIZED ->
          throw CommonMessages.unknown("reason", message.getReasonValue());
    };
  }
}
