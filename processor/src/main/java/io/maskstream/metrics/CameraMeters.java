package io.maskstream.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// The meters of one camera. Thread-safe.
final class CameraMeters {

  private final MeterRegistry registry;
  private final String label;
  private final Map<String, Counter> frames = new ConcurrentHashMap<>();
  private final Counter gaps;
  private final Counter restarts;
  private final AtomicInteger up = new AtomicInteger();
  private final AtomicInteger decoders = new AtomicInteger();

  CameraMeters(MeterRegistry registry, String label) {
    this.registry = registry;
    this.label = label;
    gaps = counter("maskstream.sequence.gaps", "Sequence numbers that the publisher left out.");
    restarts = counter("maskstream.decoder.restarts", "Decoders opened after the first.");
    Gauge.builder("maskstream.camera.up", up, AtomicInteger::get)
        .description("1 while the camera sends, 0 when it has fallen silent.")
        .tag("camera", label)
        .register(registry);
  }

  /// One answer; the camera sends.
  void answered(String result) {
    up.set(1);
    frames
        .computeIfAbsent(
            result,
            _ ->
                Counter.builder("maskstream.frames")
                    .description("Access units answered, by what they got.")
                    .tag("camera", label)
                    .tag("result", result)
                    .register(registry))
        .increment();
  }

  void missed(long sequenceNumbers) {
    gaps.increment(sequenceNumbers);
  }

  void decoderOpened() {
    if (decoders.getAndIncrement() > 0) {
      restarts.increment();
    }
  }

  void silent() {
    up.set(0);
  }

  private Counter counter(String name, String meaning) {
    return Counter.builder(name).description(meaning).tag("camera", label).register(registry);
  }
}
