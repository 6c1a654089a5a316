package io.maskstream.wire;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/// A header of a record.
///
/// @param name of the header
/// @param value UTF-8; shared between records and never changed
public record Header(String name, byte[] value) {

  private static final Header CONTENT_TYPE = of("content-type", "application/protobuf");
  private static final Header SPECIFICATION = of("ce_specversion", "1.0");
  private static final Header MASK = of("ce_type", "io.maskstream.mask.v1");
  private static final Header STATISTICS = of("ce_type", "io.maskstream.statistics.v1");

  private static final Header WINDOW = of("ce_type", "io.maskstream.statistics.1m.v1");

  /// The headers of a mask or marker.
  public static List<Header> ofMask(Identity identity) {
    return cloudEvent(MASK, identity);
  }

  /// The headers of frame statistics.
  public static List<Header> ofStatistics(Identity identity) {
    return cloudEvent(STATISTICS, identity);
  }

  /// The headers of window statistics; the time is the window's end.
  public static List<Header> ofWindow(WindowStatistics window) {
    return cloudEvent(
        WINDOW, window.windowStart().toString(), window.cameraId(), window.windowEnd());
  }

  /// The headers of a dead letter, with the names that Kafka Streams' own have (KIP-1034).
  public static List<Header> ofDeadLetter(DeadLetter letter) {
    return List.of(
        of("__streams.errors.topic", letter.topic()),
        of("__streams.errors.partition", Integer.toString(letter.partition())),
        of("__streams.errors.offset", Long.toString(letter.offset())),
        of("__streams.errors.message", letter.reason()));
  }

  private static List<Header> cloudEvent(Header type, Identity identity) {
    return cloudEvent(
        type,
        identity.sessionId() + "-" + identity.sequence(),
        identity.cameraId(),
        identity.captureTime());
  }

  /// CloudEvents 1.0 in binary mode over Kafka; the content type is that of RFC 9996.
  private static List<Header> cloudEvent(Header type, String id, String cameraId, Instant time) {
    return List.of(
        CONTENT_TYPE,
        SPECIFICATION,
        type,
        of("ce_id", id),
        of("ce_source", "/cameras/" + pathSegment(cameraId)),
        of("ce_time", time.toString()));
  }

  /// An id as it may stand in a URI; most ids stay as they are.
  private static String pathSegment(String id) {
    return URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static Header of(String name, String value) {
    return new Header(name, value.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return name + ": " + new String(value, StandardCharsets.UTF_8);
  }
}
