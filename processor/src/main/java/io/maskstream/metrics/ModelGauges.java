package io.maskstream.metrics;

import io.maskstream.inference.Provider;
import io.maskstream.wire.Release;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.core.metrics.Info;

/// What model is at work, and on what.
final class ModelGauges {

  private ModelGauges() {}

  static void register(
      PrometheusMeterRegistry registry, Release release, Provider asked, Provider active) {
    // Micrometer has no info metric, and takes the reserved suffix off a gauge's name.
    Info.builder()
        .name("maskstream_model_info")
        .help("The release at work, and the provider that computes it.")
        .labelNames("name", "version", "digest", "provider")
        .register(registry.getPrometheusRegistry())
        .setLabelValues(release.name(), release.version(), release.sha256(), active.toString());
    int fellBack = asked == Provider.AUTO && active == Provider.CPU ? 1 : 0;
    Gauge.builder("maskstream.inference.provider.fallback", () -> fellBack)
        .description("1 where inference.provider=auto found no GPU and computes on the CPU.")
        .register(registry);
  }
}
