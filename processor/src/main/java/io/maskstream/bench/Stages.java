package io.maskstream.bench;

import io.maskstream.wire.FrameStatistics.Latency;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Latencies by stage, collected from the statistics topic. Not thread-safe.
public final class Stages {

  private static final Map<String, Function<Latency, Duration>> PARTS = new LinkedHashMap<>();

  static {
    PARTS.put("end_to_end", Latency::endToEnd);
    PARTS.put("decode", Latency::decode);
    PARTS.put("queue", Latency::queue);
    PARTS.put("inference", Latency::inference);
    PARTS.put("encode", Latency::encode);
  }

  private final Map<String, Quantiles> stages = new LinkedHashMap<>();

  public Stages() {
    PARTS.keySet().forEach(name -> stages.put(name, new Quantiles()));
  }

  public void add(Latency latency) {
    PARTS.forEach((name, part) ->
        stages.computeIfAbsent(name, _ -> new Quantiles()).add(part.apply(latency)));
  }

  /// `{"end_to_end":{"p50":…,"p99":…},…}`, in milliseconds.
  public String json() {
    return stages.entrySet().stream()
        .map(stage ->
            String.format(
                Locale.ROOT,
                "\"%s\":{\"p50\":%.2f,\"p99\":%.2f}",
                stage.getKey(),
                stage.getValue().milliseconds(0.50),
                stage.getValue().milliseconds(0.99)))
        .collect(Collectors.joining(",", "{", "}"));
  }

  /// One line a stage, for a person.
  public String table() {
    return stages.entrySet().stream()
        .map(stage ->
            String.format(
                Locale.ROOT,
                " %-11s p50 %8.2f ms   p99 %8.2f ms",
                stage.getKey(),
                stage.getValue().milliseconds(0.50),
                stage.getValue().milliseconds(0.99)))
        .collect(Collectors.joining(System.lineSeparator()));
  }
}
