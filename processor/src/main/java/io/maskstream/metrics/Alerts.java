package io.maskstream.metrics;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// The alert rules for Prometheus; `deploy/observability/alerts.yaml` is what they come to.
public final class Alerts {

  private static final String RUNBOOK = "deploy/observability/README.md#";

  private Alerts() {}

  /// @param holds how long the expression must hold before somebody is told
  private record Alert(
      String name, Severity severity, String holds, String expr, String summary, String detail) {}

  private enum Severity {
    /// Masks are missing now.
    CRITICAL,
    WARNING
  }

  private static final List<Alert> ALL =
      List.of(
          new Alert(
              "MaskstreamCameraDown",
              Severity.WARNING,
              "1m",
              "max by (camera) (maskstream_camera_up) == 0",
              "Camera {{ $labels.camera }} sends nothing",
              "No processor has had a frame of camera {{ $labels.camera }} for a minute."),
          new Alert(
              "MaskstreamNoMasks",
              Severity.CRITICAL,
              "2m",
              """
              sum by (camera) (rate(maskstream_frames_total{camera!="_unreadable"}[5m])) > 0
              unless
              sum by (camera) (rate(maskstream_frames_total{result="mask"}[5m])) > 0\
              """,
              "Camera {{ $labels.camera }} sends frames and gets no masks",
              "Every frame of camera {{ $labels.camera }} has been answered with a marker for five minutes."),
          new Alert(
              "MaskstreamSlow",
              Severity.WARNING,
              "5m",
              """
              histogram_quantile(
                0.99,
                sum by (le) (rate(maskstream_frame_latency_seconds_bucket{stage="end_to_end"}[5m]))
              ) > 2\
              """,
              "Masks come late: p99 {{ $value | humanizeDuration }}",
              "One mask in a hundred comes more than 2 s after its picture was taken."),
          new Alert(
              "MaskstreamSequenceGaps",
              Severity.WARNING,
              "5m",
              """
              sum by (camera) (increase(maskstream_sequence_gaps_total[10m]))
              > 0.01 *
              sum by (camera) (increase(maskstream_frames_total[10m]))\
              """,
              "Camera {{ $labels.camera }} loses frames before Kafka",
              "More than 1 % of the frames of camera {{ $labels.camera }} never came to the frames topic in ten minutes."),
          new Alert(
              "MaskstreamDecoderRestarts",
              Severity.WARNING,
              "0m",
              "sum by (camera) (increase(maskstream_decoder_restarts_total[15m])) > 3",
              "The decoder of camera {{ $labels.camera }} starts again and again",
              "It was opened anew {{ $value | humanize }} times in a quarter of an hour."),
          new Alert(
              "MaskstreamInferenceFailures",
              Severity.CRITICAL,
              "0m",
              grown("maskstream_inference_failures_total", "release, provider", "10m"),
              "Release {{ $labels.release }} fails on {{ $labels.provider }}",
              "Frames were answered with the marker INFERENCE_FAILED in the last ten minutes."),
          new Alert(
              "MaskstreamProviderFallback",
              Severity.WARNING,
              "5m",
              "maskstream_inference_provider_fallback == 1",
              "{{ $labels.instance }} computes on the CPU",
              "inference.provider=auto found no usable GPU on {{ $labels.instance }}."),
          new Alert(
              "MaskstreamReleaseRefused",
              Severity.CRITICAL,
              "1m",
              "maskstream_model_refused > 0",
              "{{ $labels.instance }} refuses an assigned release",
              "{{ $value }} assigned releases are not served by {{ $labels.instance }}."),
          new Alert(
              "MaskstreamReleaseRolledBack",
              Severity.WARNING,
              "0m",
              "sum(increase(maskstream_model_rollbacks_total[1h])) > 0",
              "A release was rolled back",
              "A release on probation went bad within the last hour; the one before it is in force."),
          new Alert(
              "MaskstreamDeadLetters",
              Severity.WARNING,
              "0m",
              grown("maskstream_frames_total{result=\"dead_letter\"}", "result", "10m"),
              "Records on the frames topic cannot be read",
              "They went to the dead letters in the last ten minutes, with the reason in their headers."),
          new Alert(
              "MaskstreamLagStuck",
              Severity.CRITICAL,
              "0m",
              "min_over_time(maskstream_kafka_records_lag_max[10m]) > 250",
              "{{ $labels.instance }} does not catch up",
              "A partition has been at least {{ $value | humanize }} frames behind for ten minutes."));

  /// The file of rules.
  public static String yaml() {
    return "# Written by `./maskstream metrics alerts`; a test compares it.\n"
        + "groups:\n  - name: maskstream\n    rules:\n"
        + ALL.stream().map(Alerts::yaml).collect(Collectors.joining());
  }

  /// Names, in their order.
  static List<String> names() {
    return ALL.stream().map(Alert::name).toList();
  }

  private static String yaml(Alert alert) {
    return """
          - alert: %s
            expr: |-
    %s
            for: %s
            labels:
              severity: %s
            annotations:
              summary: '%s'
              description: '%s'
              runbook: '%s%s'
    """
        .formatted(
            alert.name,
            alert.expr.indent(10).stripTrailing(),
            alert.holds,
            alert.severity.name().toLowerCase(Locale.ROOT),
            alert.summary,
            alert.detail,
            RUNBOOK,
            alert.name.toLowerCase(Locale.ROOT));
  }

  /// Whether a counter has grown, or come up: its first value is a rise that `increase` does not
  /// see.
  private static String grown(String counter, String labels, String window) {
    return """
    sum by (%2$s) (increase(%1$s[%3$s])) > 0
    or
    sum by (%2$s) (%1$s > 0 unless %1$s offset %3$s) > 0\
    """
        .formatted(counter, labels, window);
  }
}
