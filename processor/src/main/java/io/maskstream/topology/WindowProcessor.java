package io.maskstream.topology;

import io.maskstream.wire.FrameStatistics;
import io.maskstream.wire.WindowStatistics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// Statistics of a camera over every minute of its capture time; each window is sent once, when it
/// is final.
///
/// A camera's windows go by the camera's own time. The `suppress` of Kafka Streams goes by that of
/// the whole partition, where one camera with a fast clock would make every other camera late.
final class WindowProcessor implements Processor<byte[], Object, byte[], byte[]> {

  static final String STORE = "open-windows";

  private final StreamParts parts;
  private @Nullable ProcessorContext<byte[], byte[]> context;
  private @Nullable KeyValueStore<String, byte[]> store;

  WindowProcessor(StreamParts parts) {
    this.parts = parts;
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> context) {
    this.context = context;
    this.store = context.getStateStore(STORE);
  }

  @Override
  public void process(Record<byte[], Object> record) {
    if (context == null || store == null) {
      throw new IllegalStateException("a record came before init");
    }
    String cameraId = new String(record.key(), StandardCharsets.UTF_8);
    byte[] stored = store.get(cameraId);
    OpenWindows windows =
        stored == null
            ? new OpenWindows(cameraId, parts.settings().timing().windowGrace())
            : OpenWindows.parse(cameraId, parts.settings().timing().windowGrace(), stored);
    switch ((Event) record.value()) {
      case Event.Observed(FrameStatistics statistics) -> {
        Instant time =
            EventTime.clamp(statistics.identity().captureTime(), context.currentSystemTimeMs());
        List<WindowStatistics> finals = windows.add(statistics, time);
        finals.forEach(window -> forward(context, record.key(), window));
        if (windows.lastWasLate()) {
          parts.observer().lateForItsWindow(cameraId);
        }
        store.put(cameraId, windows.toBytes());
      }
      case Event.Silent() -> {
        List<WindowStatistics> finals = windows.closeAll();
        if (!finals.isEmpty()) {
          finals.forEach(window -> forward(context, record.key(), window));
          store.put(cameraId, windows.toBytes());
        }
      }
      case Event.Forgotten() -> store.delete(cameraId);
    }
  }

  private void forward(
      ProcessorContext<byte[], byte[]> context, byte[] key, WindowStatistics window) {
    long timestamp =
        EventTime.clamp(window.windowEnd(), context.currentSystemTimeMs()).toEpochMilli();
    context.forward(
        new Record<>(key, window.toBytes(), timestamp, EventHeaders.of(window)),
        SegmentationTopology.WINDOW_STATISTICS);
  }

  /// What the segmentation tells of a camera.
  sealed interface Event {

    /// An answer went out.
    record Observed(FrameStatistics statistics) implements Event {}

    /// Nothing has come for so long that every window is final.
    record Silent() implements Event {}

    /// Nothing is kept of the camera any more.
    record Forgotten() implements Event {}
  }
}
