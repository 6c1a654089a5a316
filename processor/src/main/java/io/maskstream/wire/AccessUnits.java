package io.maskstream.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.maskstream.wire.AccessUnit.ColorMatrix;
import io.maskstream.wire.AccessUnit.ColorRange;
import org.jspecify.annotations.Nullable;

/// Access units and the values of their records.
public final class AccessUnits {

  private static final String WHAT = "an access unit";

  private AccessUnits() {}

  /// Reads a record of the frames topic. The access unit's data is a view of the value, which must
  /// not change afterwards.
  ///
  /// @param key the camera id
  /// @param maxBytes the longest coded picture that is taken
  /// @throws WireException if it is no access unit, or one that cannot be answered with a mask
  public static AccessUnit parse(@Nullable String key, byte @Nullable [] value, int maxBytes) {
    Identity identity = null;
    try {
      var message = CommonMessages.read(WHAT, value, io.maskstream.proto.v1.AccessUnit.parser());
      if (!message.hasIdentity()) {
        throw new WireException(
            "access unit has no identity; the publisher must say which picture this is: key="
                + key);
      }
      identity = CommonMessages.identity(message.getIdentity());
      requireKey(key, identity);
      requireSize(message, maxBytes);
      return accessUnit(identity, message);
    } catch (InvalidProtocolBufferException e) {
      throw new WireException(CommonMessages.unreadable(WHAT, e), readable(e), e);
    } catch (IllegalArgumentException e) {
      throw new WireException("access unit cannot be taken: " + e.getMessage(), identity, e);
    }
  }

  /// The value of an access unit's record.
  public static byte[] toBytes(AccessUnit unit) {
    return io.maskstream.proto.v1.AccessUnit.newBuilder()
        .setIdentity(CommonMessages.message(unit.identity()))
        .setCodec(message(unit.codec()))
        .setKeyframe(unit.keyframe())
        .setData(UnsafeByteOperations.unsafeWrap(unit.data()))
        .setRotationDegrees(unit.rotationDegrees())
        .setColorMatrix(message(unit.colorMatrix()))
        .setColorRange(message(unit.colorRange()))
        .setEndOfSession(unit.endOfSession())
        .build()
        .toByteArray();
  }

  private static void requireKey(@Nullable String key, Identity identity) {
    if (key == null) {
      throw new IllegalArgumentException(
          "its record has no key; key it by camera id: camera=" + identity.cameraId());
    }
    if (!key.equals(identity.cameraId())) {
      throw new IllegalArgumentException(
          "its camera_id is not the key of its record: camera_id=%s key=%s"
              .formatted(identity.cameraId(), Fields.printable(key)));
    }
  }

  private static void requireSize(io.maskstream.proto.v1.AccessUnit message, int maxBytes) {
    if (message.getData().size() > maxBytes) {
      throw new IllegalArgumentException(
          "its coded picture is too large: bytes=%d limit=%d"
              .formatted(message.getData().size(), maxBytes));
    }
  }

  private static AccessUnit accessUnit(
      Identity identity, io.maskstream.proto.v1.AccessUnit message) {
    return new AccessUnit(
        identity,
        codec(message),
        message.getKeyframe(),
        message.getData().asReadOnlyByteBuffer(),
        message.getRotationDegrees(),
        colorMatrix(message.getColorMatrix()),
        colorRange(message.getColorRange()),
        message.getEndOfSession());
  }

  /// The identity of a message that breaks off, if it came before the break and is whole.
  private static @Nullable Identity readable(InvalidProtocolBufferException e) {
    if (e.getUnfinishedMessage() instanceof io.maskstream.proto.v1.AccessUnit message
        && message.hasIdentity()) {
      try {
        return CommonMessages.identity(message.getIdentity());
      } catch (IllegalArgumentException _) {
        return null;
      }
    }
    return null;
  }

  private static Codec codec(io.maskstream.proto.v1.AccessUnit message) {
    return switch (message.getCodec()) {
      case CODEC_H264 -> Codec.H264;
      case CODEC_HEVC -> Codec.HEVC;
      case CODEC_MJPEG -> Codec.MJPEG;
      case CODEC_VP8 -> Codec.VP8;
      case CODEC_VP9 -> Codec.VP9;
      case CODEC_AV1 -> Codec.AV1;
      case CODEC_MPEG4 -> Codec.MPEG4;
      case CODEC_MPEG2 -> Codec.MPEG2;
      case CODEC_PNG -> Codec.PNG;
      case CODEC_UNSPECIFIED, UNRECOGNIZED ->
          throw CommonMessages.unknown("codec", message.getCodecValue());
    };
  }

  private static io.maskstream.proto.v1.Codec message(Codec codec) {
    return switch (codec) {
      case H264 -> io.maskstream.proto.v1.Codec.CODEC_H264;
      case HEVC -> io.maskstream.proto.v1.Codec.CODEC_HEVC;
      case MJPEG -> io.maskstream.proto.v1.Codec.CODEC_MJPEG;
      case VP8 -> io.maskstream.proto.v1.Codec.CODEC_VP8;
      case VP9 -> io.maskstream.proto.v1.Codec.CODEC_VP9;
      case AV1 -> io.maskstream.proto.v1.Codec.CODEC_AV1;
      case MPEG4 -> io.maskstream.proto.v1.Codec.CODEC_MPEG4;
      case MPEG2 -> io.maskstream.proto.v1.Codec.CODEC_MPEG2;
      case PNG -> io.maskstream.proto.v1.Codec.CODEC_PNG;
    };
  }

  /// The container's word is a hint: one that this version does not know is none.
  private static ColorMatrix colorMatrix(io.maskstream.proto.v1.ColorMatrix matrix) {
    return switch (matrix) {
      case COLOR_MATRIX_UNSPECIFIED, UNRECOGNIZED -> ColorMatrix.UNSPECIFIED;
      case COLOR_MATRIX_BT601 -> ColorMatrix.BT601;
      case COLOR_MATRIX_BT709 -> ColorMatrix.BT709;
      case COLOR_MATRIX_BT2020 -> ColorMatrix.BT2020;
    };
  }

  private static io.maskstream.proto.v1.ColorMatrix message(ColorMatrix matrix) {
    return switch (matrix) {
      case UNSPECIFIED -> io.maskstream.proto.v1.ColorMatrix.COLOR_MATRIX_UNSPECIFIED;
      case BT601 -> io.maskstream.proto.v1.ColorMatrix.COLOR_MATRIX_BT601;
      case BT709 -> io.maskstream.proto.v1.ColorMatrix.COLOR_MATRIX_BT709;
      case BT2020 -> io.maskstream.proto.v1.ColorMatrix.COLOR_MATRIX_BT2020;
    };
  }

  private static ColorRange colorRange(io.maskstream.proto.v1.ColorRange range) {
    return switch (range) {
      case COLOR_RANGE_UNSPECIFIED, UNRECOGNIZED -> ColorRange.UNSPECIFIED;
      case COLOR_RANGE_LIMITED -> ColorRange.LIMITED;
      case COLOR_RANGE_FULL -> ColorRange.FULL;
    };
  }

  private static io.maskstream.proto.v1.ColorRange message(ColorRange range) {
    return switch (range) {
      case UNSPECIFIED -> io.maskstream.proto.v1.ColorRange.COLOR_RANGE_UNSPECIFIED;
      case LIMITED -> io.maskstream.proto.v1.ColorRange.COLOR_RANGE_LIMITED;
      case FULL -> io.maskstream.proto.v1.ColorRange.COLOR_RANGE_FULL;
    };
  }
}
