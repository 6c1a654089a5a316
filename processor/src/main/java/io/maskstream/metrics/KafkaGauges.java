package io.maskstream.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/// Those of Kafka Streams' several hundred metrics that say whether the stream keeps up.
final class KafkaGauges {

  private enum Over {
    SUM,
    MAXIMUM
  }

  /// @param scope the tag that tells the wanted metric from a finer one of the same name
  private record Allowed(String group, String name, Over over, String finer, String meaning) {}

  private static final List<Allowed> ALLOWED =
      List.of(
          new Allowed(
              "consumer-fetch-manager-metrics",
              "records-lag-max",
              Over.MAXIMUM,
              "partition",
              "Records by which the slowest partition is behind."),
          new Allowed(
              "consumer-fetch-manager-metrics",
              "bytes-consumed-rate",
              Over.SUM,
              "topic",
              "Bytes read in a second."),
          new Allowed(
              "producer-metrics",
              "record-send-rate",
              Over.SUM,
              "topic",
              "Records written in a second."),
          new Allowed(
              "stream-thread-metrics",
              "commit-latency-max",
              Over.MAXIMUM,
              "task-id",
              "Milliseconds of the longest commit."),
          new Allowed(
              "stream-thread-metrics",
              "poll-latency-max",
              Over.MAXIMUM,
              "task-id",
              "Milliseconds of the longest poll."),
          new Allowed(
              "stream-thread-metrics",
              "task-closed-total",
              Over.SUM,
              "task-id",
              "Partitions given up."),
          new Allowed(
              "consumer-coordinator-metrics",
              "rebalance-total",
              Over.SUM,
              "topic",
              "Rebalances of the group."));

  private KafkaGauges() {}

  static void register(
      MeterRegistry registry, Supplier<Map<MetricName, ? extends Metric>> metrics) {
    for (Allowed each : ALLOWED) {
      Gauge.builder(name(each), () -> value(each, metrics.get()))
          .description(each.meaning())
          .register(registry);
    }
  }

  static List<Meter> meters() {
    return ALLOWED.stream()
        .map(each ->
            new Meter(name(each).replace('.', '_'), Meter.Type.GAUGE, List.of(), each.meaning()))
        .toList();
  }

  private static String name(Allowed allowed) {
    return "maskstream.kafka." + allowed.name().replace('-', '.').replaceAll("\\.total$", ".count");
  }

  private static double value(Allowed wanted, Map<MetricName, ? extends Metric> metrics) {
    DoubleStream values =
        metrics.entrySet().stream()
            .filter(each -> matches(wanted, each.getKey()))
            .map(each -> each.getValue().metricValue())
            .filter(Double.class::isInstance)
            .mapToDouble(value -> (Double) value)
            .filter(value -> !Double.isNaN(value) && !Double.isInfinite(value));
    return switch (wanted.over()) {
      case SUM -> values.sum();
      case MAXIMUM -> values.max().orElse(0);
    };
  }

  private static boolean matches(Allowed wanted, MetricName name) {
    return name.group().equals(wanted.group())
        && name.name().equals(wanted.name())
        && !name.tags().containsKey(wanted.finer());
  }
}
