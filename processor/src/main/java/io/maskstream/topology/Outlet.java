package io.maskstream.topology;

import io.maskstream.inference.ClassMap;
import io.maskstream.inference.Segmented;
import io.maskstream.statistics.FrameAreas;
import io.maskstream.topology.CameraTrack.Answer;
import io.maskstream.topology.CameraTrack.Answer.Marked;
import io.maskstream.topology.CameraTrack.Answer.Submitted;
import io.maskstream.topology.CameraTrack.Fed;
import io.maskstream.topology.FrameLog.Logged;
import io.maskstream.topology.StreamObserver.Answered;
import io.maskstream.topology.WindowProcessor.Event;
import io.maskstream.video.Size;
import io.maskstream.wire.DeadLetter;
import io.maskstream.wire.FrameStatistics;
import io.maskstream.wire.FrameStatistics.Latency;
import io.maskstream.wire.Marker;
import io.maskstream.wire.Marker.Reason;
import io.maskstream.wire.Mask;
import io.maskstream.wire.Png;
import io.maskstream.wire.Release;
import io.maskstream.wire.RunLengths;
import io.maskstream.wire.WireException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where everything leaves a task: masks and markers with their statistics, and dead letters.
///
/// Whatever is handed to Kafka here must be small enough: a producer that refuses one record breaks
/// its whole transaction, again after every restart.
final class Outlet {

  private static final Logger LOG = LoggerFactory.getLogger(Outlet.class);
  private static final int LONGEST_REASON = 500;
  private static final int LONGEST_DEAD_KEY = 1024;

  private final ProcessorContext<byte[], Object> context;
  private final int partition;
  private final StreamParts parts;

  Outlet(ProcessorContext<byte[], Object> context, int partition, StreamParts parts) {
    this.context = context;
    this.partition = partition;
    this.parts = parts;
  }

  /// Forwards one answer; its class map, if it has one, is there.
  void answer(Answer answer) {
    long start = System.nanoTime();
    switch (answer) {
      case Marked(Fed of, Marker marker) -> marker(of, marker, null, Duration.ZERO, start);
      case Submitted submitted -> {
        Segmented segmented;
        try {
          segmented = submitted.classMap().join();
        } catch (RuntimeException e) {
          Throwable cause = e.getCause() == null ? e : e.getCause();
          LOG.warn(
              "no class map: camera={} partition={} offset={} reason={}",
              submitted.of().identity().cameraId(),
              partition,
              submitted.of().offset(),
              sentence(cause));
          marker(
              submitted.of(),
              new Marker(Reason.INFERENCE_FAILED, sentence(cause)),
              submitted.sourceSize(),
              submitted.decode(),
              start);
          return;
        }
        mask(submitted, segmented, start);
      }
    }
  }

  /// The record is no access unit.
  void deadLetter(Logged record, WireException why) {
    byte[] key = record.key();
    byte[] value = record.value();
    DeadLetter letter =
        new DeadLetter(
            parts.settings().topics().frames(),
            partition,
            record.offset(),
            why.identity(),
            sentence(why),
            value == null ? 0 : value.length);
    LOG.info(
        "dead letter: topic={} partition={} offset={} reason={}",
        letter.topic(),
        partition,
        record.offset(),
        letter.reason());
    send(letter, key == null || key.length > LONGEST_DEAD_KEY ? null : key, record.headers());
  }

  /// The access unit was not answered before retention deleted it.
  void lost(String cameraId, long offset) {
    send(
        new DeadLetter(
            parts.settings().topics().frames(),
            partition,
            offset,
            null,
            "deleted by retention before it could be answered; keep frames for longer",
            0),
        bytes(cameraId),
        new RecordHeaders());
  }

  void silent(String cameraId) {
    toWindows(cameraId, new Event.Silent());
  }

  void forgotten(String cameraId) {
    toWindows(cameraId, new Event.Forgotten());
  }

  private void mask(Submitted of, Segmented segmented, long startNanos) {
    ClassMap map = segmented.classMap();
    Size size = map.size();
    RunLengths runs = RunLengths.of(map.classes(), size.width(), size.height());
    Mask.Content content =
        switch (parts.settings().maskEncoding()) {
          case RUN_LENGTHS -> runs;
          case PNG -> Png.of(map.classes(), size.width(), size.height());
        };
    byte[] mask =
        new Mask(of.of().identity(), content, segmented.release(), source(of.of(), of.sourceSize()))
            .toBytes();
    int allowed = parts.maskLimit().bytes();
    if (mask.length > allowed) {
      marker(
          of.of(),
          new Marker(
              Reason.TOO_LARGE, "the mask has " + mask.length + " bytes, allowed are " + allowed),
          of.sourceSize(),
          of.decode(),
          startNanos);
      return;
    }
    FrameAreas areas = FrameAreas.of(runs, map.confidence(), of.release().segmenter().classNames());
    Latency latency =
        latency(of.of(), of.decode(), segmented.queued(), segmented.inference(), startNanos);
    forward(of.of(), mask, areas.toStatistics(of.of().identity(), latency, segmented.release()));
  }

  private void marker(
      Fed of, Marker marker, @Nullable Size sourceSize, Duration decode, long startNanos) {
    Release none = null;
    byte[] mask = new Mask(of.identity(), marker, none, source(of, sourceSize)).toBytes();
    Latency latency = latency(of, decode, Duration.ZERO, Duration.ZERO, startNanos);
    forward(of, mask, new FrameStatistics(of.identity(), List.of(), 0, 0, latency, none, marker));
  }

  private void forward(Fed of, byte[] mask, FrameStatistics statistics) {
    byte[] key = bytes(of.identity().cameraId());
    long timestamp = timestamp(of.identity().captureTime());
    context.forward(
        new Record<byte[], Object>(key, mask, timestamp, EventHeaders.ofMask(of)),
        SegmentationTopology.MASKS);
    context.forward(
        new Record<byte[], Object>(
            key, statistics.toBytes(), timestamp, EventHeaders.ofStatistics(of)),
        SegmentationTopology.STATISTICS);
    context.forward(
        new Record<byte[], Object>(key, new Event.Observed(statistics), timestamp),
        SegmentationTopology.WINDOWS);
    parts.observer().answered(new Answered(statistics, mask.length));
  }

  private void toWindows(String cameraId, Event event) {
    context.forward(
        new Record<byte[], Object>(bytes(cameraId), event, context.currentSystemTimeMs()),
        SegmentationTopology.WINDOWS);
  }

  private void send(DeadLetter letter, byte @Nullable [] key, Headers of) {
    context.forward(
        new Record<byte[], Object>(
            key, letter.toBytes(), context.currentSystemTimeMs(), EventHeaders.of(letter, of)),
        SegmentationTopology.DEAD_LETTERS);
    parts.observer().deadLettered(letter.reason());
  }

  private Mask.Source source(Fed of, @Nullable Size size) {
    return new Mask.Source(
        partition, of.offset(), size == null ? 0 : size.width(), size == null ? 0 : size.height());
  }

  private Latency latency(
      Fed of, Duration decode, Duration queue, Duration inference, long startNanos) {
    Instant now = Instant.ofEpochMilli(context.currentSystemTimeMs());
    return new Latency(
        Duration.between(of.identity().captureTime(), now),
        decode,
        queue,
        inference,
        Duration.ofNanos(System.nanoTime() - startNanos));
  }

  private long timestamp(Instant captureTime) {
    return EventTime.clamp(captureTime, context.currentSystemTimeMs()).toEpochMilli();
  }

  private static byte[] bytes(String cameraId) {
    return cameraId.getBytes(StandardCharsets.UTF_8);
  }

  private static String sentence(Throwable cause) {
    String said = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return said.length() > LONGEST_REASON ? said.substring(0, LONGEST_REASON) : said;
  }
}
