package io.maskstream.topology;

import io.maskstream.wire.DeadLetter;
import io.maskstream.wire.Identity;
import io.maskstream.wire.WindowStatistics;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;

/// Headers of what the stream writes: CloudEvents in its binary mode for Kafka, the content type of
/// RFC 9996, and the trace (W3C Trace Context) of the access unit that is answered.
final class EventHeaders {

  private static final Header CONTENT_TYPE = header("content-type", "application/protobuf");
  private static final Header SPEC_VERSION = header("ce_specversion", "1.0");
  private static final List<String> TRACE = List.of("traceparent", "tracestate");
  private static final int LONGEST_TRACE = 512;

  /// What a record is.
  enum Kind {
    MASK("io.maskstream.mask"),
    STATISTICS("io.maskstream.statistics"),
    WINDOW_STATISTICS("io.maskstream.statistics.1m");

    private final Header type;

    Kind(String type) {
      this.type = header("ce_type", type);
    }
  }

  Headers of(Kind kind, Identity identity, Headers accessUnit) {
    Headers headers =
        event(
            kind,
            identity.cameraId(),
            identity.sessionId() + "-" + identity.sequence(),
            identity.captureTime());
    copyTrace(accessUnit, headers);
    return headers;
  }

  Headers of(WindowStatistics window) {
    return event(
        Kind.WINDOW_STATISTICS,
        window.cameraId(),
        window.windowStart().toString(),
        window.windowEnd());
  }

  /// The names that Kafka Streams' own dead letters have (KIP-1034).
  Headers of(DeadLetter letter, Headers record) {
    Headers headers = new RecordHeaders(new Header[] {CONTENT_TYPE});
    headers.add(header("__streams.errors.topic", letter.topic()));
    headers.add(header("__streams.errors.partition", Integer.toString(letter.partition())));
    headers.add(header("__streams.errors.offset", Long.toString(letter.offset())));
    headers.add(header("__streams.errors.message", letter.reason()));
    copyTrace(record, headers);
    return headers;
  }

  private static Headers event(Kind kind, String cameraId, String id, Instant time) {
    return new RecordHeaders(
        new Header[] {
          CONTENT_TYPE,
          SPEC_VERSION,
          kind.type,
          header("ce_id", id),
          header("ce_source", "/cameras/" + path(cameraId)),
          header("ce_time", time.toString())
        });
  }

  private static void copyTrace(Headers from, Headers to) {
    for (String name : TRACE) {
      Header trace = from.lastHeader(name);
      if (trace != null && trace.value() != null && trace.value().length <= LONGEST_TRACE) {
        to.add(name, trace.value());
      }
    }
  }

  private static String path(String cameraId) {
    return URLEncoder.encode(cameraId, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static Header header(String name, String value) {
    return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
