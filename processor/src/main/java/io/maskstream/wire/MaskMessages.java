package io.maskstream.wire;

import com.google.protobuf.UnsafeByteOperations;
import io.maskstream.proto.Masks;
import io.maskstream.wire.Mask.Content;
import io.maskstream.wire.Mask.Source;
import org.jspecify.annotations.Nullable;

/// [Mask] and its message.
final class MaskMessages {

  private MaskMessages() {}

  static Mask parse(byte @Nullable [] value) {
    return CommonMessages.read(
        "a mask", value, io.maskstream.proto.v1.Mask.parser(), MaskMessages::mask);
  }

  static io.maskstream.proto.v1.Mask toMessage(Mask mask) {
    var message =
        io.maskstream.proto.v1.Mask.newBuilder()
            .setIdentity(CommonMessages.message(mask.identity()))
            .setSourceWidth(mask.source().width())
            .setSourceHeight(mask.source().height())
            .setSourcePartition(mask.source().partition())
            .setSourceOffset(mask.source().offset());
    if (mask.release() != null) {
      message.setRelease(CommonMessages.message(mask.release()));
    }
    return (switch (mask.content()) {
          case RunLengths(int width, int height, var runs) ->
              message.setWidth(width).setHeight(height).setRunLengths(Masks.toMessage(runs));
          case Png(int width, int height, byte[] bytes) ->
              message
                  .setWidth(width)
                  .setHeight(height)
                  .setPng(UnsafeByteOperations.unsafeWrap(bytes));
          case Marker marker -> message.setMarker(CommonMessages.message(marker));
        })
        .build();
  }

  static Mask mask(io.maskstream.proto.v1.Mask message) {
    return new Mask(
        CommonMessages.identity(message.getIdentity()),
        content(message),
        message.hasRelease() ? CommonMessages.release(message.getRelease()) : null,
        new Source(
            CommonMessages.signed("source_partition", message.getSourcePartition()),
            CommonMessages.signed("source_offset", message.getSourceOffset()),
            CommonMessages.signed("source_width", message.getSourceWidth()),
            CommonMessages.signed("source_height", message.getSourceHeight())));
  }

  private static Content content(io.maskstream.proto.v1.Mask message) {
    int width = message.getWidth();
    int height = message.getHeight();
    return switch (message.getContentCase()) {
      case RUN_LENGTHS -> new RunLengths(width, height, Masks.runs(message.getRunLengths()));
      case PNG -> new Png(width, height, message.getPng().toByteArray());
      case MARKER -> CommonMessages.marker(message.getMarker());
      case CONTENT_NOT_SET -> throw new IllegalArgumentException("content is missing");
    };
  }
}
