package io.maskstream.metrics;

import io.maskstream.inference.Provider;
import io.maskstream.wire.Release;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.core.metrics.Info;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// What models are at work, and on what. Thread-safe.
final class ModelGauges {

  private final Map<Release, Provider> open = new ConcurrentHashMap<>();
  private final Info info;
  private volatile boolean fellBack;

  ModelGauges(PrometheusMeterRegistry registry) {
    // Micrometer has no info metric, and takes the reserved suffix off a gauge's name.
    info =
        Info.builder()
            .name("maskstream_model_info")
            .help("The releases that are open, and the provider that computes them.")
            .labelNames("name", "version", "digest", "provider")
            .register(registry.getPrometheusRegistry());
    Gauge.builder("maskstream.inference.provider.fallback", () -> fellBack ? 1 : 0)
        .description("1 where inference.provider=auto found no GPU and computes on the CPU.")
        .register(registry);
  }

  void loaded(Release release, Provider asked, Provider active) {
    fellBack = asked == Provider.AUTO && active == Provider.CPU;
    open.put(release, active);
    info.addLabelValues(labels(release, active));
  }

  void unloaded(Release release) {
    Provider active = open.remove(release);
    if (active != null) {
      info.remove(labels(release, active));
    }
  }

  private static String[] labels(Release release, Provider active) {
    return new String[] {release.name(), release.version(), release.sha256(), active.toString()};
  }
}
