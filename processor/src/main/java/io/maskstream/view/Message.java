package io.maskstream.view;

import io.maskstream.painting.ClassColors;
import io.maskstream.proto.Runs;
import io.maskstream.topics.AnswerProperties;
import io.maskstream.topics.Json;
import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.FrameStatistics;
import io.maskstream.wire.Identity;
import io.maskstream.wire.Marker;
import io.maskstream.wire.Mask;
import io.maskstream.wire.Png;
import io.maskstream.wire.RunLengths;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A picture as it goes to clients: made once, written to all of them.
///
/// The bytes are a 32-bit length of what follows, a 32-bit length of a header, the header (JSON),
/// and the parts whose lengths the header names: the coded picture (`data`), the mask, the mask of
/// the candidate. A mask is one byte for the class of each run, then the runs' lengths as LEB128
/// numbers. Numbers are big-endian.
///
/// @param keyframe whether decoding can start here
/// @param colors of the camera's classes
/// @param bytes never changed
@SuppressWarnings("ArrayRecordComponent") // messages are compared by nobody
record Message(Picture picture, boolean keyframe, ClassColors colors, byte[] bytes) {

  private static final BigInteger MILLION = BigInteger.valueOf(1_000_000);

  /// @param type how the browser calls the coding; empty if it has no name for it
  /// @param colors of the camera's classes; sent with keyframes
  /// @throws io.maskstream.proto.MaskException if a mask's PNG is broken
  static Message of(Picture picture, String type, ClassColors colors) {
    AccessUnit unit = picture.unit();
    Identity identity = picture.identity();
    List<byte[]> parts = new ArrayList<>();
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("kind", "picture");
    header.putAll(AnswerProperties.of(identity));
    header.put("timestamp", micros(identity));
    header.put("age_ms", Duration.between(identity.captureTime(), Instant.now()).toMillis());
    header.put("type", type);
    header.put("keyframe", unit.keyframe());
    header.put("rotation_degrees", unit.rotationDegrees());
    header.put("data", add(parts, bytes(unit.data())));
    if (picture.mask() != null) {
      header.put("mask", mask(picture.mask(), parts));
    }
    if (picture.candidate() != null) {
      header.put("candidate", mask(picture.candidate(), parts));
    }
    FrameStatistics statistics = picture.statistics();
    if (statistics != null) {
      header.put("classes", AnswerProperties.of(statistics.classes()));
      header.put("latency", AnswerProperties.of(statistics.latency()));
    }
    if (unit.keyframe()) {
      header.put("palette", palette(colors));
    }
    return new Message(picture, unit.keyframe(), colors, frame(header, parts));
  }

  /// How the client's stream fares.
  static byte[] state(long dropped, String trouble) {
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("kind", "state");
    header.put("dropped", dropped);
    header.put("trouble", trouble);
    return frame(header, List.of());
  }

  String cameraId() {
    return picture.cameraId();
  }

  int size() {
    return bytes.length;
  }

  /// The presentation time in microseconds, whatever the time base.
  private static long micros(Identity identity) {
    return BigInteger.valueOf(identity.pts())
        .multiply(BigInteger.valueOf(identity.timeBase().numerator()))
        .multiply(MILLION)
        .divide(BigInteger.valueOf(identity.timeBase().denominator()))
        .longValue();
  }

  private static Map<String, Object> mask(Mask mask, List<byte[]> parts) {
    Map<String, Object> header = new LinkedHashMap<>();
    header.put("pts", mask.identity().pts());
    if (mask.release() != null) {
      header.put("release", AnswerProperties.of(mask.release()));
    }
    switch (mask.content()) {
      case Marker marker -> header.put("marker", AnswerProperties.of(marker));
      case RunLengths coded -> put(header, coded, parts);
      case Png png -> put(header, RunLengths.of(png.classes(), png.width(), png.height()), parts);
    }
    return header;
  }

  private static void put(Map<String, Object> header, RunLengths mask, List<byte[]> parts) {
    header.put("width", mask.width());
    header.put("height", mask.height());
    header.put("runs", mask.runs().lengths().length);
    header.put("bytes", add(parts, runs(mask.runs())));
  }

  private static byte[] runs(Runs runs) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(runs.lengths().length * 3);
    bytes.writeBytes(runs.classIds());
    for (int length : runs.lengths()) {
      int rest = length;
      while (rest > 127) {
        bytes.write(rest & 127 | 128);
        rest >>>= 7;
      }
      bytes.write(rest);
    }
    return bytes.toByteArray();
  }

  /// 0xRRGGBB of all 256 classes, in hexadecimal.
  private static String palette(ClassColors colors) {
    StringBuilder hex = new StringBuilder(256 * 6);
    for (int id = 0; id < 256; id++) {
      hex.append("%06x".formatted(colors.rgb(id)));
    }
    return hex.toString();
  }

  private static int add(List<byte[]> parts, byte[] part) {
    parts.add(part);
    return part.length;
  }

  private static byte[] bytes(ByteBuffer data) {
    byte[] bytes = new byte[data.remaining()];
    data.duplicate().get(bytes);
    return bytes;
  }

  private static byte[] frame(Map<String, Object> header, List<byte[]> parts) {
    byte[] json = Json.of(header).getBytes(StandardCharsets.UTF_8);
    int size = 4 + json.length + parts.stream().mapToInt(part -> part.length).sum();
    ByteBuffer message = ByteBuffer.allocate(4 + size).putInt(size).putInt(json.length).put(json);
    parts.forEach(message::put);
    return message.array();
  }
}
