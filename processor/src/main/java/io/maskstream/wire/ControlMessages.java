package io.maskstream.wire;

import org.jspecify.annotations.Nullable;

/// [DeadLetter], [CameraStatus] and their messages.
final class ControlMessages {

  private ControlMessages() {}

  static DeadLetter parseDeadLetter(byte @Nullable [] value) {
    return CommonMessages.read(
        "a dead letter",
        value,
        io.maskstream.proto.v1.DeadLetter.parser(),
        message ->
            new DeadLetter(
                message.getTopic(),
                CommonMessages.signed("partition", message.getPartition()),
                CommonMessages.signed("offset", message.getOffset()),
                message.hasIdentity() ? CommonMessages.identity(message.getIdentity()) : null,
                message.getReason(),
                CommonMessages.signed("value_size_bytes", message.getValueSizeBytes())));
  }

  static io.maskstream.proto.v1.DeadLetter toMessage(DeadLetter letter) {
    var message =
        io.maskstream.proto.v1.DeadLetter.newBuilder()
            .setTopic(letter.topic())
            .setPartition(letter.partition())
            .setOffset(letter.offset())
            .setReason(letter.reason())
            .setValueSizeBytes(letter.valueSizeBytes());
    if (letter.identity() != null) {
      message.setIdentity(CommonMessages.message(letter.identity()));
    }
    return message.build();
  }

  static CameraStatus parseCameraStatus(byte @Nullable [] value) {
    return CommonMessages.read(
        "a camera status",
        value,
        io.maskstream.proto.v1.CameraStatus.parser(),
        message ->
            new CameraStatus(
                message.getCameraId(),
                state(message),
                message.getDescription(),
                message.getSessionId(),
                CommonMessages.instant("changed_at", message.getChangedAt()),
                message.getDetail()));
  }

  static io.maskstream.proto.v1.CameraStatus toMessage(CameraStatus status) {
    var state =
        switch (status.state()) {
          case UP -> io.maskstream.proto.v1.CameraStatus.State.STATE_UP;
          case DOWN -> io.maskstream.proto.v1.CameraStatus.State.STATE_DOWN;
          case STOPPED -> io.maskstream.proto.v1.CameraStatus.State.STATE_STOPPED;
        };
    return io.maskstream.proto.v1.CameraStatus.newBuilder()
        .setCameraId(status.cameraId())
        .setState(state)
        .setDescription(status.description())
        .setSessionId(status.sessionId())
        .setChangedAt(CommonMessages.message(status.changedAt()))
        .setDetail(status.detail())
        .build();
  }

  private static CameraStatus.State state(io.maskstream.proto.v1.CameraStatus message) {
    return switch (message.getState()) {
      case STATE_UP -> CameraStatus.State.UP;
      case STATE_DOWN -> CameraStatus.State.DOWN;
      case STATE_STOPPED -> CameraStatus.State.STOPPED;
      case STATE_UNSPECIFIED, UNRECOGNIZED ->
          throw CommonMessages.unknown("state", message.getStateValue());
    };
  }
}
