package io.maskstream.topology;

import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.AccessUnit.ColorMatrix;
import io.maskstream.wire.AccessUnit.ColorRange;
import io.maskstream.wire.Codec;
import io.maskstream.wire.Identity;
import io.maskstream.wire.Identity.TimeBase;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The clip that scene.sh makes: eight closed GOPs of 50 pictures with B-frames, in H.264.
final class SceneClip {

  static final int GOP = 50;
  static final int GOPS = 8;

  private static final byte[] DELIMITER = {0, 0, 0, 1, 9};

  private final List<byte[]> units;
  private final List<Long> pts;

  private SceneClip(List<byte[]> units, List<Long> pts) {
    this.units = units;
    this.pts = pts;
  }

  static SceneClip read() {
    byte[] stream = resource("scene.264");
    List<byte[]> units = new ArrayList<>();
    int start = 0;
    for (int i = DELIMITER.length; i <= stream.length; i++) {
      boolean delimiter =
          i + DELIMITER.length <= stream.length
              && Arrays.equals(stream, i, i + DELIMITER.length, DELIMITER, 0, DELIMITER.length);
      if (delimiter || i == stream.length) {
        units.add(Arrays.copyOfRange(stream, start, i));
        start = i;
      }
    }
    List<Long> pts =
        new String(resource("scene.pts"), StandardCharsets.UTF_8)
            .lines()
            .map(Long::valueOf)
            .toList();
    if (units.size() != GOP * GOPS || pts.size() != units.size()) {
      throw new AssertionError("clip of " + units.size() + " units and " + pts.size() + " pts");
    }
    return new SceneClip(units, pts);
  }

  /// One session of a camera that sends some GOPs, its end included.
  ///
  /// @param firstGop where in the clip it begins, so that cameras differ
  List<AccessUnit> session(
      String cameraId, String sessionId, int firstGop, int gops, Instant begin) {
    List<AccessUnit> session = new ArrayList<>();
    long span = 512L * GOP;
    for (int sequence = 0; sequence < gops * GOP; sequence++) {
      int gop = (firstGop + sequence / GOP) % GOPS;
      int unit = gop * GOP + sequence % GOP;
      long presented = pts.get(unit) - gop * span + sequence / GOP * span;
      session.add(
          unit(
              new Identity(
                  cameraId,
                  sessionId,
                  sequence,
                  presented,
                  new TimeBase(1, 12_800),
                  begin.plusMillis(presented * 1000 / 12_800)),
              sequence % GOP == 0,
              units.get(unit),
              false));
    }
    Identity end =
        new Identity(cameraId, sessionId, session.size(), 0, new TimeBase(1, 12_800), begin);
    session.add(unit(end, false, new byte[0], true));
    return session;
  }

  private static AccessUnit unit(Identity identity, boolean keyframe, byte[] data, boolean end) {
    return new AccessUnit(
        identity,
        Codec.H264,
        keyframe,
        ByteBuffer.wrap(data),
        0,
        ColorMatrix.UNSPECIFIED,
        ColorRange.UNSPECIFIED,
        end);
  }

  private static byte[] resource(String name) {
    try (InputStream in = SceneClip.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(name, e);
    }
  }
}
