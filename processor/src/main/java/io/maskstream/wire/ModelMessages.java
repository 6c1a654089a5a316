package io.maskstream.wire;

import static io.maskstream.wire.CommonMessages.instant;
import static io.maskstream.wire.CommonMessages.message;
import static io.maskstream.wire.CommonMessages.signed;

import io.maskstream.proto.v1.LoadedRelease;
import io.maskstream.proto.v1.ModelRelease;
import io.maskstream.proto.v1.ShadowRelease;
import io.maskstream.wire.ModelHistory.Assignment;
import io.maskstream.wire.ModelHistory.FrameSize;
import io.maskstream.wire.ModelHistory.Shadow;
import io.maskstream.wire.ModelStatus.Loaded;
import org.jspecify.annotations.Nullable;

/// [ModelHistory], [ModelStatus] and their messages.
final class ModelMessages {

  private ModelMessages() {}

  static ModelHistory parseHistory(byte @Nullable [] value) {
    return CommonMessages.read(
        "a model history",
        value,
        io.maskstream.proto.v1.ModelHistory.parser(),
        message ->
            new ModelHistory(
                message.getScope(),
                message.getReleasesList().stream().map(ModelMessages::assignment).toList(),
                message.getShortened(),
                message.hasShadow() ? shadow(message.getShadow()) : null));
  }

  private static Assignment assignment(ModelRelease message) {
    return new Assignment(
        signed("number", message.getNumber()),
        CommonMessages.release(message.getRelease()),
        message.getUri(),
        frameSize(message.getFrameSize()),
        instant("assigned_at", message.getAssignedAt()),
        message.hasEffectiveFrom() ? instant("effective_from", message.getEffectiveFrom()) : null,
        message.getWithdrawn(),
        message.getNote());
  }

  private static FrameSize frameSize(io.maskstream.proto.v1.FrameSize size) {
    return new FrameSize(
        signed("frame_size.width", size.getWidth()),
        signed("frame_size.height", size.getHeight()),
        signed("frame_size.multiple", size.getMultiple()),
        signed("frame_size.max_pixel_count", size.getMaxPixelCount()));
  }

  private static Shadow shadow(ShadowRelease message) {
    return new Shadow(
        signed("number", message.getNumber()),
        CommonMessages.release(message.getRelease()),
        message.getUri(),
        frameSize(message.getFrameSize()),
        instant("assigned_at", message.getAssignedAt()),
        message.getShare(),
        message.getRejection());
  }

  static io.maskstream.proto.v1.ModelHistory toMessage(ModelHistory history) {
    var message =
        io.maskstream.proto.v1.ModelHistory.newBuilder()
            .setScope(history.scope())
            .addAllReleases(history.assignments().stream().map(ModelMessages::toMessage).toList())
            .setShortened(history.shortened());
    Shadow shadow = history.shadow();
    if (shadow != null) {
      message.setShadow(
          ShadowRelease.newBuilder()
              .setNumber(shadow.number())
              .setRelease(message(shadow.release()))
              .setUri(shadow.uri())
              .setFrameSize(toMessage(shadow.frameSize()))
              .setAssignedAt(message(shadow.assignedAt()))
              .setShare(shadow.share())
              .setRejection(shadow.rejection()));
    }
    return message.build();
  }

  private static io.maskstream.proto.v1.FrameSize toMessage(FrameSize size) {
    return io.maskstream.proto.v1.FrameSize.newBuilder()
        .setWidth(size.width())
        .setHeight(size.height())
        .setMultiple(size.multiple())
        .setMaxPixelCount(size.maxPixels())
        .build();
  }

  private static ModelRelease toMessage(Assignment assignment) {
    ModelRelease.Builder message =
        ModelRelease.newBuilder()
            .setNumber(assignment.number())
            .setRelease(message(assignment.release()))
            .setUri(assignment.uri())
            .setAssignedAt(message(assignment.assignedAt()))
            .setFrameSize(toMessage(assignment.frameSize()))
            .setWithdrawn(assignment.withdrawn())
            .setNote(assignment.note());
    if (assignment.effectiveFrom() != null) {
      message.setEffectiveFrom(message(assignment.effectiveFrom()));
    }
    return message.build();
  }

  static ModelStatus parseStatus(byte @Nullable [] value) {
    return CommonMessages.read(
        "a model status",
        value,
        io.maskstream.proto.v1.ModelStatus.parser(),
        message ->
            new ModelStatus(
                message.getInstanceId(),
                message.getHost(),
                instant("reported_at", message.getReportedAt()),
                message.getReleasesList().stream().map(ModelMessages::loaded).toList()));
  }

  private static Loaded loaded(LoadedRelease message) {
    return new Loaded(
        message.getScope(),
        signed("number", message.getNumber()),
        CommonMessages.release(message.getRelease()),
        switch (message.getState()) {
          case STATE_LOADING -> ModelStatus.State.LOADING;
          case STATE_READY -> ModelStatus.State.READY;
          case STATE_REFUSED -> ModelStatus.State.REFUSED;
          case STATE_UNSPECIFIED, UNRECOGNIZED ->
              throw CommonMessages.unknown("state", message.getStateValue());
        },
        message.getReason());
  }

  static io.maskstream.proto.v1.ModelStatus toMessage(ModelStatus status) {
    return io.maskstream.proto.v1.ModelStatus.newBuilder()
        .setInstanceId(status.instanceId())
        .setHost(status.host())
        .setReportedAt(message(status.reportedAt()))
        .addAllReleases(status.releases().stream().map(ModelMessages::toMessage).toList())
        .build();
  }

  private static LoadedRelease toMessage(Loaded loaded) {
    return LoadedRelease.newBuilder()
        .setScope(loaded.scope())
        .setNumber(loaded.number())
        .setRelease(message(loaded.release()))
        .setState(
            switch (loaded.state()) {
              case LOADING -> LoadedRelease.State.STATE_LOADING;
              case READY -> LoadedRelease.State.STATE_READY;
              case REFUSED -> LoadedRelease.State.STATE_REFUSED;
            })
        .setReason(loaded.reason())
        .build();
  }
}
