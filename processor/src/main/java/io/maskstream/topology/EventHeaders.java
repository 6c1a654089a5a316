package io.maskstream.topology;

import io.maskstream.topology.CameraTrack.Fed;
import io.maskstream.wire.DeadLetter;
import io.maskstream.wire.Header;
import io.maskstream.wire.WindowStatistics;
import java.util.List;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/// Headers of what the stream writes: CloudEvents in its binary mode for Kafka, the content type of
/// RFC 9996, and the trace (W3C Trace Context) of the access unit that is answered.
final class EventHeaders {

  private static final List<String> TRACE = List.of("traceparent", "tracestate");
  private static final int LONGEST_TRACE = 512;

  private EventHeaders() {}

  static Headers ofMask(Fed of) {
    return with(Header.ofMask(of.identity()), of.headers());
  }

  static Headers ofStatistics(Fed of) {
    return with(Header.ofStatistics(of.identity()), of.headers());
  }

  static Headers of(WindowStatistics window) {
    return with(Header.ofWindow(window), new RecordHeaders());
  }

  static Headers of(DeadLetter letter, Headers record) {
    return with(Header.ofDeadLetter(letter), record);
  }

  private static Headers with(List<Header> own, Headers accessUnit) {
    Headers headers = new RecordHeaders();
    own.forEach(header -> headers.add(header.name(), header.value()));
    copyTrace(accessUnit, headers);
    return headers;
  }

  private static void copyTrace(Headers from, Headers to) {
    for (String name : TRACE) {
      var trace = from.lastHeader(name);
      if (trace != null && trace.value() != null && trace.value().length <= LONGEST_TRACE) {
        to.add(name, trace.value());
      }
    }
  }
}
