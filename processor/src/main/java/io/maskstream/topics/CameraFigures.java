package io.maskstream.topics;

import io.maskstream.wire.FrameStatistics;
import io.maskstream.wire.FrameStatistics.ClassArea;
import io.maskstream.wire.Marker;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// How every camera fares, by the statistics of its answers. Not thread-safe.
public final class CameraFigures {

  private final Map<String, Camera> cameras = new TreeMap<>();

  /// One camera.
  ///
  /// @param fps answers of a second of the last interval
  /// @param p50 of the latest 1,000 masks' latency from capture to Kafka; null before the first
  /// @param p99 of the same
  /// @param classes of the latest mask, largest first
  /// @param masks since the start
  /// @param markers since the start, by reason
  /// @param gaps access units of a session without any answer, since the start
  public record Row(
      String cameraId,
      double fps,
      @Nullable Duration p50,
      @Nullable Duration p99,
      List<ClassArea> classes,
      long masks,
      Map<Marker.Reason, Long> markers,
      long gaps) {

    /// Markers of every reason.
    public long markerCount() {
      return markers.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  public void add(FrameStatistics statistics) {
    cameras.computeIfAbsent(statistics.identity().cameraId(), Camera::new).add(statistics);
  }

  /// The rows by camera id, and the start of the next interval.
  ///
  /// @param elapsed since the last call
  public List<Row> rows(Duration elapsed) {
    double seconds = elapsed.toNanos() / 1e9;
    return cameras.values().stream().map(camera -> camera.row(seconds)).toList();
  }

  private static final class Camera {

    private static final int LATENCIES = 1000;

    private final String id;
    private final long[] latencyMicros = new long[LATENCIES];
    private final Map<Marker.Reason, Long> markers = new EnumMap<>(Marker.Reason.class);
    private List<ClassArea> classes = List.of();
    private String session = "";
    private SequenceGaps gaps = new SequenceGaps();
    private long gapsOfEarlierSessions;
    private long masks;
    private long answersOfInterval;

    Camera(String id) {
      this.id = id;
    }

    void add(FrameStatistics statistics) {
      answersOfInterval++;
      if (!statistics.identity().sessionId().equals(session)) {
        session = statistics.identity().sessionId();
        gapsOfEarlierSessions += gaps.count();
        gaps = new SequenceGaps();
      }
      gaps.add(statistics.identity().sequence());
      Marker marker = statistics.marker();
      if (marker != null) {
        markers.merge(marker.reason(), 1L, Long::sum);
        return;
      }
      classes = statistics.classes();
      latencyMicros[(int) (masks % LATENCIES)] = statistics.latency().endToEnd().toNanos() / 1000;
      masks++;
    }

    Row row(double seconds) {
      long[] latencies = Arrays.copyOf(latencyMicros, (int) Math.min(masks, LATENCIES));
      Arrays.sort(latencies);
      double fps = seconds > 0 ? answersOfInterval / seconds : 0;
      answersOfInterval = 0;
      return new Row(
          id,
          fps,
          quantile(latencies, 0.50),
          quantile(latencies, 0.99),
          classes,
          masks,
          Map.copyOf(markers),
          gapsOfEarlierSessions + gaps.count());
    }

    /// The smallest value that at least this share of all does not exceed.
    private static @Nullable Duration quantile(long[] sorted, double share) {
      if (sorted.length == 0) {
        return null;
      }
      int rank = (int) Math.ceil(share * sorted.length);
      return Duration.ofNanos(sorted[Math.max(0, rank - 1)] * 1000);
    }
  }
}
