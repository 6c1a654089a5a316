package io.maskstream.metrics;

import io.maskstream.topics.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The dashboard for Grafana; `deploy/observability/dashboard.json` is what it comes to.
public final class Dashboard {

  private static final int COLUMNS = 24;
  private static final int WIDTH = 8;
  private static final int HEIGHT = 8;
  private static final Map<String, Object> SOURCE =
      Map.of("uid", "${source}"); // chosen above the dashboard

  private Dashboard() {}

  private record Row(String title, List<Panel> panels) {}

  /// @param legend of each line, with Prometheus' labels in double braces
  private record Panel(String title, String unit, String legend, String... expressions) {}

  private static final List<Row> ROWS =
      List.of(
          new Row(
              "Fleet",
              List.of(
                  new Panel(
                      "Cameras up",
                      "none",
                      "",
                      "sum(max by (camera) (maskstream_camera_up))",
                      "count(max by (camera) (maskstream_camera_up))"),
                  new Panel(
                      "Frames a second, by what they got",
                      "none",
                      "{{result}}",
                      "sum by (result) (rate(maskstream_frames_total[1m]))"),
                  new Panel(
                      "Latency from capture to mask, p50 and p99",
                      "s",
                      "",
                      quantile("0.5", "le", "stage=\"end_to_end\""),
                      quantile("0.99", "le", "stage=\"end_to_end\"")),
                  new Panel(
                      "GPU busy (DCGM exporter)", "percent", "{{gpu}}", "DCGM_FI_DEV_GPU_UTIL"),
                  new Panel(
                      "GPU memory (DCGM exporter)", "decmbytes", "{{gpu}}", "DCGM_FI_DEV_FB_USED"),
                  new Panel(
                      "Bytes of a mask, mean",
                      "bytes",
                      "mean",
                      "sum(rate(maskstream_mask_bytes_sum[5m])) / sum(rate(maskstream_mask_bytes_count[5m]))"))),
          new Row(
              "Camera $camera",
              List.of(
                  new Panel(
                      "Frames a second, by what they got",
                      "none",
                      "{{camera}} {{result}}",
                      "sum by (camera, result) (rate(maskstream_frames_total{camera=~\"$camera\"}[1m]))"),
                  new Panel(
                      "Frames that never came",
                      "none",
                      "{{camera}}",
                      "sum by (camera) (increase(maskstream_sequence_gaps_total{camera=~\"$camera\"}[5m]))"),
                  new Panel(
                      "Decoders opened anew",
                      "none",
                      "{{camera}}",
                      "sum by (camera) (increase(maskstream_decoder_restarts_total{camera=~\"$camera\"}[5m]))"),
                  new Panel(
                      "Time in each stage, p99, all cameras",
                      "s",
                      "{{stage}}",
                      quantile("0.99", "le, stage", "stage!=\"end_to_end\"")))),
          new Row(
              "Model",
              List.of(
                  new Panel(
                      "Releases that are open",
                      "none",
                      "{{name}}-{{version}} {{provider}}",
                      "sum by (name, version, provider) (maskstream_model_info)"),
                  new Panel(
                      "Run of the network, p99",
                      "s",
                      "{{release}} {{provider}}",
                      "histogram_quantile(0.99, sum by (le, release, provider) (rate(maskstream_inference_seconds_bucket[5m])))"),
                  new Panel(
                      "Frames in a micro-batch, mean",
                      "none",
                      "mean",
                      "sum(rate(maskstream_batch_size_sum[5m])) / sum(rate(maskstream_batch_size_count[5m]))"),
                  new Panel(
                      "Failures of the network",
                      "none",
                      "{{release}} {{provider}}",
                      "sum by (release, provider) (increase(maskstream_inference_failures_total[5m]))"),
                  new Panel(
                      "Refused and rolled back",
                      "none",
                      "",
                      "sum(maskstream_model_refused)",
                      "sum(increase(maskstream_model_rollbacks_total[1h]))"),
                  new Panel(
                      "Loading a release, longest",
                      "s",
                      "{{instance}}",
                      "maskstream_model_swap_seconds_max"))),
          new Row(
              "Kafka Streams",
              KafkaGauges.meters().stream()
                  .map(each -> new Panel(each.meaning(), "none", "{{instance}}", each.name()))
                  .toList()),
          new Row(
              "JVM and native memory",
              List.of(
                  new Panel(
                      "Java memory",
                      "bytes",
                      "{{instance}} {{area}}",
                      "sum by (instance, area) (jvm_memory_used_bytes)"),
                  new Panel(
                      "Direct buffers",
                      "bytes",
                      "{{instance}} {{id}}",
                      "jvm_buffer_memory_used_bytes"),
                  new Panel(
                      "Whole container (cAdvisor)",
                      "bytes",
                      "{{pod}}",
                      "container_memory_working_set_bytes{container=\"maskstream\"}"))));

  /// The file that Grafana takes; one panel a line.
  public static String json() {
    Map<String, Object> head = new LinkedHashMap<>();
    head.put("uid", "maskstream");
    head.put("title", "Maskstream");
    head.put("description", "Written by ./maskstream metrics dashboards; a test compares it.");
    head.put("schemaVersion", 39);
    head.put("editable", true);
    head.put("refresh", "10s");
    head.put("time", Map.of("from", "now-1h"));
    head.put("templating", Map.of("list", List.of(source(), cameras())));
    head.put("annotations", Map.of("list", List.of(swaps())));
    String text = Json.of(head);
    return text.substring(0, text.length() - 1)
        + ",\"panels\":[\n"
        + panels().stream().map(Json::of).collect(Collectors.joining(",\n"))
        + "\n]}\n";
  }

  private static List<Map<String, Object>> panels() {
    List<Map<String, Object>> panels = new ArrayList<>();
    int y = 0;
    for (Row row : ROWS) {
      panels.add(place("row", panels.size(), row.title(), 0, y++, COLUMNS, 1));
      int x = 0;
      for (Panel each : row.panels()) {
        if (x == COLUMNS) {
          x = 0;
          y += HEIGHT;
        }
        Map<String, Object> panel =
            place("timeseries", panels.size(), each.title(), x, y, WIDTH, HEIGHT);
        panel.put("datasource", SOURCE);
        panel.put(
            "fieldConfig",
            ordered("defaults", ordered("unit", each.unit()), "overrides", List.of()));
        panel.put("targets", targets(each));
        panels.add(panel);
        x += WIDTH;
      }
      y += HEIGHT;
    }
    return panels;
  }

  private static Map<String, Object> place(
      String type, int id, String title, int x, int y, int width, int height) {
    return ordered(
        "id",
        id + 1,
        "type",
        type,
        "title",
        title,
        "gridPos",
        ordered("h", height, "w", width, "x", x, "y", y));
  }

  private static List<Map<String, Object>> targets(Panel panel) {
    List<Map<String, Object>> targets = new ArrayList<>();
    for (String expression : panel.expressions()) {
      targets.add(
          ordered(
              "refId", String.valueOf((char) ('A' + targets.size())),
              "expr", expression,
              "legendFormat", panel.legend()));
    }
    return targets;
  }

  private static Map<String, Object> source() {
    return ordered(
        "name", "source", "type", "datasource", "query", "prometheus", "label", "Source");
  }

  private static Map<String, Object> cameras() {
    return ordered(
        "name",
        "camera",
        "type",
        "query",
        "datasource",
        SOURCE,
        "query",
        "label_values(maskstream_camera_up, camera)",
        "refresh",
        2,
        "includeAll",
        true,
        "multi",
        true);
  }

  /// A line through every panel where a release became ready.
  private static Map<String, Object> swaps() {
    return ordered(
        "name", "Releases",
        "enable", true,
        "datasource", SOURCE,
        "expr", "changes(maskstream_model_swap_seconds_count[1m]) > 0",
        "iconColor", "blue",
        "titleFormat", "a release became ready");
  }

  private static String quantile(String share, String by, String selector) {
    return "histogram_quantile(%s, sum by (%s) (rate(maskstream_frame_latency_seconds_bucket{%s}[5m])))"
        .formatted(share, by, selector);
  }

  /// Names and values in turn; a file that is compared keeps its order.
  private static Map<String, Object> ordered(Object... namesAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      map.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return map;
  }
}
