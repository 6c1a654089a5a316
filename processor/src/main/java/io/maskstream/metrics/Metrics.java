package io.maskstream.metrics;

import io.maskstream.inference.InferenceException;
import io.maskstream.inference.InferenceObserver;
import io.maskstream.inference.Provider;
import io.maskstream.topology.StreamObserver;
import io.maskstream.wire.FrameStatistics;
import io.maskstream.wire.Marker;
import io.maskstream.wire.Release;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/// Counts and times what the stream and its segmenter do, in the names of Prometheus. Thread-safe;
/// lives as long as the processor.
public final class Metrics implements StreamObserver, InferenceObserver {

  /// Label of all cameras beyond the limit.
  static final String OTHERS = "_others";

  /// Label of records that no camera can be read from.
  static final String UNREADABLE = "_unreadable";

  private static final Duration[] LATENCIES =
      millis(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000);
  private static final double[] BATCHES = {1, 2, 4, 8, 16, 32, 64};
  private static final double[] MASK_BYTES = {
    1 << 8, 1 << 10, 1 << 12, 1 << 14, 1 << 16, 1 << 18, 1 << 20
  };

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final ModelGauges models = new ModelGauges(registry);
  private final int camerasMax;
  private final Map<String, CameraMeters> cameras = new ConcurrentHashMap<>();
  private final Counter refusals;
  private final DistributionSummary maskBytes;
  private final DistributionSummary batchSize;
  private final Timer recovery;
  private final Counter retentionLosses;
  private final Counter late;
  private final Counter rollbacks;

  /// @param camerasMax cameras with meters of their own; camera ids come from outside, and each
  ///   costs memory here and in Prometheus
  public Metrics(int camerasMax) {
    this.camerasMax = camerasMax;
    refusals =
        counter(
            "maskstream.camera.label.refusals",
            "Observations of cameras beyond metrics.cameras.max, counted as " + OTHERS + ".");
    retentionLosses =
        counter(
            "maskstream.retention.losses",
            "Access units deleted from the log before they were answered.");
    late = counter("maskstream.window.late", "Answers that came after their minute was final.");
    rollbacks =
        counter(
            "maskstream.model.rollbacks", "Releases on probation that this processor took back.");
    new JvmMemoryMetrics().bindTo(registry);
    maskBytes =
        DistributionSummary.builder("maskstream.mask")
            .baseUnit("bytes")
            .description("Size of masks.")
            .serviceLevelObjectives(MASK_BYTES)
            .register(registry);
    batchSize =
        DistributionSummary.builder("maskstream.batch.size")
            .description("Frames in a micro-batch.")
            .serviceLevelObjectives(BATCHES)
            .register(registry);
    recovery =
        Timer.builder("maskstream.recovery")
            .description("Rebuilding a partition's decoders from the log.")
            .register(registry);
  }

  /// A release is at work.
  ///
  /// @param asked the provider of the configuration
  /// @param active the provider that computes
  /// @param took from being asked for to being ready
  public void loaded(Release release, Provider asked, Provider active, Duration took) {
    models.loaded(release, asked, active);
    Timer.builder("maskstream.model.swap")
        .description("Loading a release, from being asked for to being ready.")
        .register(registry)
        .record(took);
  }

  /// A release is at work no more.
  public void unloaded(Release release) {
    models.unloaded(release);
  }

  /// A release on probation went bad, and the one before it is back in force.
  public void rolledBack() {
    rollbacks.increment();
  }

  /// @param refused assigned releases that cannot be served here, counted at every scrape
  public void watchReleases(Supplier<Number> refused) {
    Gauge.builder("maskstream.model.refused", refused)
        .description("Assigned releases that this processor refuses to serve.")
        .register(registry);
  }

  /// Takes a few of Kafka Streams' own metrics over, by an allow-list.
  public void watch(Supplier<Map<MetricName, ? extends Metric>> kafka) {
    KafkaGauges.register(registry, kafka);
  }

  /// All of it in Prometheus' text format.
  public String scrape() {
    return registry.scrape();
  }

  @Override
  public void answered(Answered answer) {
    FrameStatistics statistics = answer.statistics();
    String result = result(statistics);
    camera(statistics.identity().cameraId()).answered(result);
    FrameEvent.write(statistics, result);
    if (statistics.marker() == null) {
      maskBytes.record(answer.maskBytes());
    }
    FrameStatistics.Latency latency = statistics.latency();
    stage("decode", latency.decode());
    stage("queue", latency.queue());
    stage("inference", latency.inference());
    stage("encode", latency.encode());
    stage("end_to_end", latency.endToEnd());
  }

  private static String result(FrameStatistics statistics) {
    Marker marker = statistics.marker();
    return marker == null ? "mask" : marker.reason().name().toLowerCase(Locale.ROOT);
  }

  /// A stage that an answer did not go through took no time and is not counted.
  private void stage(String name, Duration took) {
    if (took.isPositive()) {
      Timer.builder("maskstream.frame.latency")
          .description("Time of a frame in each stage; end_to_end from capture to answer.")
          .tag("stage", name)
          .serviceLevelObjectives(LATENCIES)
          .register(registry)
          .record(took);
    }
  }

  @Override
  public void deadLettered(String reason) {
    Counter.builder("maskstream.frames")
        .description("Access units answered, by what they got.")
        .tag("camera", UNREADABLE)
        .tag("result", "dead_letter")
        .register(registry)
        .increment();
  }

  @Override
  public void sequenceGap(String cameraId, long missing) {
    camera(cameraId).missed(missing);
  }

  @Override
  public void decoderOpened(String cameraId) {
    camera(cameraId).decoderOpened();
  }

  @Override
  public void cameraIdle(String cameraId) {
    camera(cameraId).silent();
  }

  @Override
  public void recovered(int partition, long accessUnits, Duration took) {
    recovery.record(took);
  }

  @Override
  public void retentionLoss(String cameraId, long fromOffset, long toOffset) {
    retentionLosses.increment(Math.max(0, toOffset - fromOffset));
  }

  @Override
  public void lateForItsWindow(String cameraId) {
    late.increment();
  }

  @Override
  public void ran(Release release, Provider provider, int frames, Duration inference) {
    batchSize.record(frames);
    Timer.builder("maskstream.inference")
        .description("Runs of the network.")
        .tag("provider", provider.toString())
        .tag("release", release.toString())
        .serviceLevelObjectives(LATENCIES)
        .register(registry)
        .record(inference);
  }

  @Override
  public void batchFailed(
      Release release, Provider provider, int batchSize, InferenceException failure) {
    Counter.builder("maskstream.inference.batch.failures")
        .description("Micro-batches on which the network failed, run frame by frame then.")
        .tag("provider", provider.toString())
        .tag("release", release.toString())
        .register(registry)
        .increment();
  }

  @Override
  public void failed(Release release, Provider provider, InferenceException failure) {
    Counter.builder("maskstream.inference.failures")
        .description("Frames on which the network failed.")
        .tag("provider", provider.toString())
        .tag("release", release.toString())
        .register(registry)
        .increment();
  }

  private CameraMeters camera(String cameraId) {
    CameraMeters known = cameras.get(cameraId);
    if (known != null) {
      return known;
    }
    synchronized (cameras) {
      boolean others = cameras.containsKey(OTHERS);
      if (!cameras.containsKey(cameraId) && cameras.size() - (others ? 1 : 0) >= camerasMax) {
        refusals.increment();
        return cameras.computeIfAbsent(OTHERS, name -> new CameraMeters(registry, name));
      }
      return cameras.computeIfAbsent(cameraId, name -> new CameraMeters(registry, name));
    }
  }

  private Counter counter(String name, String meaning) {
    return Counter.builder(name).description(meaning).register(registry);
  }

  private static Duration[] millis(int... values) {
    return java.util.Arrays.stream(values).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
  }
}
