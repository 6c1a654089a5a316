package io.maskstream.metrics;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A meter as Prometheus sees it.
///
/// @param name with its unit: seconds, bytes
/// @param labels in their order
/// @param meaning one sentence
public record Meter(String name, Type type, List<String> labels, String meaning) {

  /// How it is read.
  public enum Type {
    COUNTER,
    GAUGE,
    HISTOGRAM,
    SUMMARY;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// Every meter of the processor beside those of its JVM.
  public static final List<Meter> ALL =
      Stream.concat(
              Stream.of(
                  counter(
                      "maskstream_frames_total",
                      "Access units answered, by what they got.",
                      "camera",
                      "result"),
                  gauge(
                      "maskstream_camera_up",
                      "1 while the camera sends, 0 when it has fallen silent.",
                      "camera"),
                  counter(
                      "maskstream_sequence_gaps_total",
                      "Sequence numbers that the publisher left out.",
                      "camera"),
                  counter(
                      "maskstream_decoder_restarts_total",
                      "Decoders opened after the first.",
                      "camera"),
                  counter(
                      "maskstream_camera_label_refusals_total",
                      "Observations of cameras beyond metrics.cameras.max, counted as _others."),
                  histogram(
                      "maskstream_frame_latency_seconds",
                      "Time of a frame in each stage; end_to_end from capture to answer.",
                      "stage"),
                  histogram("maskstream_batch_size", "Frames in a micro-batch."),
                  histogram(
                      "maskstream_inference_seconds",
                      "Runs of the network.",
                      "provider",
                      "release"),
                  counter(
                      "maskstream_inference_failures_total",
                      "Frames on which the network failed.",
                      "provider",
                      "release"),
                  counter(
                      "maskstream_inference_batch_failures_total",
                      "Micro-batches on which the network failed, run frame by frame then.",
                      "provider",
                      "release"),
                  gauge(
                      "maskstream_inference_provider_fallback",
                      "1 where inference.provider=auto found no GPU and computes on the CPU."),
                  histogram("maskstream_mask_bytes", "Size of masks."),
                  gauge(
                      "maskstream_model_info",
                      "The releases that are open, and the provider that computes them.",
                      "digest",
                      "name",
                      "provider",
                      "version"),
                  summary(
                      "maskstream_model_swap_seconds",
                      "Loading a release, from being asked for to being ready."),
                  gauge(
                      "maskstream_model_refused",
                      "Assigned releases that this processor refuses to serve."),
                  counter(
                      "maskstream_model_rollbacks_total",
                      "Releases on probation that this processor took back."),
                  summary(
                      "maskstream_recovery_seconds",
                      "Rebuilding a partition's decoders from the log."),
                  counter(
                      "maskstream_retention_losses_total",
                      "Access units deleted from the log before they were answered."),
                  counter(
                      "maskstream_window_late_total",
                      "Answers that came after their minute was final.")),
              KafkaGauges.meters().stream())
          .toList();

  public Meter {
    labels = List.copyOf(labels);
  }

  /// The table of all, in Markdown.
  public static String markdown() {
    return ALL.stream()
        .map(each ->
            "| `%s` | %s | %s | %s |\n"
                .formatted(
                    each.name,
                    each.type,
                    String.join(", ", each.labels),
                    each.meaning.replace("|", "\\|")))
        .collect(
            Collectors.joining("", "| meter | type | labels | meaning |\n|---|---|---|---|\n", ""));
  }

  private static Meter counter(String name, String meaning, String... labels) {
    return new Meter(name, Type.COUNTER, List.of(labels), meaning);
  }

  private static Meter gauge(String name, String meaning, String... labels) {
    return new Meter(name, Type.GAUGE, List.of(labels), meaning);
  }

  private static Meter histogram(String name, String meaning, String... labels) {
    return new Meter(name, Type.HISTOGRAM, List.of(labels), meaning);
  }

  private static Meter summary(String name, String meaning, String... labels) {
    return new Meter(name, Type.SUMMARY, List.of(labels), meaning);
  }
}
