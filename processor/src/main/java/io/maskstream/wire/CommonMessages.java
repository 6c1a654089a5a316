package io.maskstream.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UnsafeByteOperations;
import io.maskstream.wire.Identity.TimeBase;
import java.time.Instant;
import java.util.HexFormat;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What several messages share: reading them from bytes that may be hostile, identity, release,
/// marker and times.
final class CommonMessages {

  /// Our messages nest three deep; a hundred levels of groups is an attack.
  private static final int DEEPEST_NESTING = 16;

  private CommonMessages() {}

  /// Reads a message and makes its record. Bytes fields are views of the value, and unknown fields
  /// are dropped while reading: a million of them would otherwise take fifty times their bytes.
  static <M extends Message, T> T read(
      String what, byte @Nullable [] value, Parser<M> parser, Function<M, T> toRecord) {
    try {
      return toRecord.apply(read(what, value, parser));
    } catch (InvalidProtocolBufferException e) {
      throw new WireException(unreadable(what, e), null, e);
    } catch (IllegalArgumentException | io.maskstream.proto.MaskException e) {
      throw new WireException(what + " contradicts itself: " + e.getMessage(), null, e);
    }
  }

  static <M extends Message> M read(String what, byte @Nullable [] value, Parser<M> parser)
      throws InvalidProtocolBufferException {
    if (value == null || value.length == 0) {
      throw new WireException("value is " + (value == null ? "null" : "empty") + ", not " + what);
    }
    CodedInputStream in = UnsafeByteOperations.unsafeWrap(value).newCodedInput();
    in.enableAliasing(true);
    in.setRecursionLimit(DEEPEST_NESTING);
    M message = DiscardUnknownFieldsParser.wrap(parser).parseFrom(in);
    in.checkLastTagWas(0);
    return message;
  }

  static String unreadable(String what, InvalidProtocolBufferException e) {
    return "value is not " + what + " (protobuf maskstream.v1): " + e.getMessage();
  }

  static Identity identity(io.maskstream.proto.v1.Identity message) {
    if (!message.hasTimeBase()) {
      throw new IllegalArgumentException("identity.time_base is missing");
    }
    if (!message.hasCaptureTime()) {
      throw new IllegalArgumentException("identity.capture_time is missing");
    }
    return new Identity(
        message.getCameraId(),
        message.getSessionId(),
        signed("identity.sequence", message.getSequence()),
        message.getPts(),
        new TimeBase(
            signed("time_base.numerator", message.getTimeBase().getNumerator()),
            signed("time_base.denominator", message.getTimeBase().getDenominator())),
        instant("identity.capture_time", message.getCaptureTime()));
  }

  static io.maskstream.proto.v1.Identity message(Identity identity) {
    return io.maskstream.proto.v1.Identity.newBuilder()
        .setCameraId(identity.cameraId())
        .setSessionId(identity.sessionId())
        .setSequence(identity.sequence())
        .setPts(identity.pts())
        .setTimeBase(
            io.maskstream.proto.v1.TimeBase.newBuilder()
                .setNumerator(identity.timeBase().numerator())
                .setDenominator(identity.timeBase().denominator()))
        .setCaptureTime(message(identity.captureTime()))
        .build();
  }

  static Release release(io.maskstream.proto.v1.Release message) {
    return new Release(
        message.getName(),
        message.getVersion(),
        HexFormat.of().formatHex(message.getSha256().toByteArray()));
  }

  static io.maskstream.proto.v1.Release message(Release release) {
    return io.maskstream.proto.v1.Release.newBuilder()
        .setName(release.name())
        .setVersion(release.version())
        .setSha256(ByteString.copyFrom(HexFormat.of().parseHex(release.sha256())))
        .build();
  }

  static Marker marker(io.maskstream.proto.v1.Marker message) {
    Marker.Reason reason =
        switch (message.getReason()) {
          case REASON_SKIPPED -> Marker.Reason.SKIPPED;
          case REASON_WAITING_FOR_KEYFRAME -> Marker.Reason.WAITING_FOR_KEYFRAME;
          case REASON_UNDECODABLE -> Marker.Reason.UNDECODABLE;
          case REASON_INFERENCE_FAILED -> Marker.Reason.INFERENCE_FAILED;
          case REASON_TOO_LARGE -> Marker.Reason.TOO_LARGE;
          case REASON_CODEC_NOT_ALLOWED -> Marker.Reason.CODEC_NOT_ALLOWED;
          case REASON_UNSPECIFIED, UNRECOGNIZED ->
              throw unknown("marker.reason", message.getReasonValue());
        };
    return new Marker(reason, message.getDetail());
  }

  static io.maskstream.proto.v1.Marker message(Marker marker) {
    var reason =
        switch (marker.reason()) {
          case SKIPPED -> io.maskstream.proto.v1.Marker.Reason.REASON_SKIPPED;
          case WAITING_FOR_KEYFRAME ->
              io.maskstream.proto.v1.Marker.Reason.REASON_WAITING_FOR_KEYFRAME;
          case UNDECODABLE -> io.maskstream.proto.v1.Marker.Reason.REASON_UNDECODABLE;
          case INFERENCE_FAILED -> io.maskstream.proto.v1.Marker.Reason.REASON_INFERENCE_FAILED;
          case TOO_LARGE -> io.maskstream.proto.v1.Marker.Reason.REASON_TOO_LARGE;
          case CODEC_NOT_ALLOWED -> io.maskstream.proto.v1.Marker.Reason.REASON_CODEC_NOT_ALLOWED;
        };
    return io.maskstream.proto.v1.Marker.newBuilder()
        .setReason(reason)
        .setDetail(marker.detail())
        .build();
  }

  static Instant instant(String field, Timestamp timestamp) {
    if (timestamp.getNanos() < 0 || timestamp.getNanos() > 999_999_999) {
      throw new IllegalArgumentException(
          field + ".nanos is not 0 to 999999999: " + timestamp.getNanos());
    }
    return Fields.requireTime(field, timestamp.getSeconds(), timestamp.getNanos());
  }

  static Timestamp message(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }

  static IllegalArgumentException unknown(String field, int number) {
    return new IllegalArgumentException(
        number == 0
            ? field + " is missing"
            : field + " is unknown to this version: number=" + number);
  }

  /// A uint32 that has to fit an int.
  static int signed(String field, int unsigned) {
    if (unsigned < 0) {
      throw new IllegalArgumentException(
          field + " is above 2^31 - 1: " + Integer.toUnsignedString(unsigned));
    }
    return unsigned;
  }

  /// A uint64 that has to fit a long.
  static long signed(String field, long unsigned) {
    if (unsigned < 0) {
      throw new IllegalArgumentException(
          field + " is above 2^63 - 1: " + Long.toUnsignedString(unsigned));
    }
    return unsigned;
  }
}
