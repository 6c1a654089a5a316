package io.maskstream.topology;

import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.AccessUnit.ColorMatrix;
import io.maskstream.wire.AccessUnit.ColorRange;
import io.maskstream.wire.Codec;
import io.maskstream.wire.Identity;
import io.maskstream.wire.Identity.TimeBase;
import java.nio.ByteBuffer;
import java.time.Instant;

/// Makes the access units of one camera for [PaperDecoder].
final class PaperCamera {

  static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

  private final String cameraId;
  private String session = "first";
  private long sequence;
  private int number;

  PaperCamera(String cameraId) {
    this.cameraId = cameraId;
  }

  String cameraId() {
    return cameraId;
  }

  void reconnect(String newSession) {
    session = newSession;
    sequence = 0;
  }

  AccessUnit next(char kind) {
    return next(kind, BEGIN.plusMillis(40L * sequence));
  }

  AccessUnit next(char kind, Instant captureTime) {
    ByteBuffer data = ByteBuffer.allocate(5).put(0, (byte) kind).putInt(1, ++number * 7919);
    return unit(kind == 'I', data, captureTime, false);
  }

  AccessUnit end() {
    return unit(false, ByteBuffer.allocate(0), BEGIN, true);
  }

  private AccessUnit unit(boolean keyframe, ByteBuffer data, Instant captureTime, boolean end) {
    Identity identity =
        new Identity(cameraId, session, sequence, sequence, new TimeBase(1, 25), captureTime);
    sequence++;
    return new AccessUnit(
        identity,
        Codec.H264,
        keyframe,
        data,
        0,
        ColorMatrix.UNSPECIFIED,
        ColorRange.UNSPECIFIED,
        end);
  }
}
