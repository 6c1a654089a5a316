package io.maskstream.topology;

import io.maskstream.topology.FrameLog.Logged;
import io.maskstream.video.Grid;
import io.maskstream.video.Size;
import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.AccessUnits;
import io.maskstream.wire.DeadLetter;
import io.maskstream.wire.FrameStatistics;
import io.maskstream.wire.Mask;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedForward;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedPunctuator;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/// One task of the stream with its partition in a list, its clock in hand, and commits that can be
/// undone as a crash undoes them.
final class TaskRig {

  static final long MORNING = PaperCamera.BEGIN.plusSeconds(3600).toEpochMilli();

  final PaperDecoder.Leaks leaks = new PaperDecoder.Leaks();
  final HandSegmenter segmenter = new HandSegmenter();

  /// Which release answers; another one from its capture time on, where a test says so.
  Releases releases = Releases.only(segmenter);

  final Watch watch = new Watch();
  final List<Logged> log = new ArrayList<>();
  long deletedBefore;

  private final StreamSettings settings;
  private final List<Output> outputs = new ArrayList<>();
  private final List<KeyValue<String, byte[]>> committedState = new ArrayList<>();
  private final Map<CapturedPunctuator, Long> rang = new IdentityHashMap<>();
  private int committedOutputs;
  private long committedOffset;
  private long delivered;
  private long now = MORNING;
  private MockProcessorContext<byte[], Object> context;
  private KeyValueStore<String, byte[]> store;
  private SegmentationProcessor processor;

  record Output(String child, byte[] key, Object value, RecordHeaders headers, long timestamp) {}

  static final class Watch implements StreamObserver {
    long recoveredUnits = -1;
    final List<String> opened = new ArrayList<>();
    final List<String> idle = new ArrayList<>();
    final List<Size> frameSizes = new ArrayList<>();
    final List<String> losses = new ArrayList<>();
    long missing;

    @Override
    public void recovered(int partition, long accessUnits, Duration took) {
      recoveredUnits = accessUnits;
    }

    @Override
    public void decoderOpened(String cameraId) {
      opened.add(cameraId);
    }

    @Override
    public void cameraIdle(String cameraId) {
      idle.add(cameraId);
    }

    @Override
    public void retentionLoss(String cameraId, long from, long to) {
      losses.add(cameraId + " " + from + " " + to);
    }

    @Override
    public void sequenceGap(String cameraId, long units) {
      missing += units;
    }
  }

  TaskRig(StreamSettings settings) {
    this.settings = settings;
    start();
  }

  TaskRig() {
    this(StreamSettings.of("nowhere:1", "rig", Path.of("nowhere")));
  }

  /// Writes an access unit to the log.
  void publish(AccessUnit unit) {
    publish(unit.identity().cameraId(), AccessUnits.toBytes(unit));
  }

  void publish(String key, byte[] value) {
    publish(key, value, new RecordHeaders());
  }

  void publish(String key, byte[] value, RecordHeaders headers) {
    byte[] keyBytes = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
    log.add(new Logged(log.size(), now, keyBytes, value, headers));
  }

  /// Gives the task the next records that it has not had.
  void deliver(int records) {
    for (int i = 0; i < records && delivered < log.size(); i++) {
      Logged record = log.get((int) delivered);
      context.setRecordMetadata("maskstream.frames", 0, record.offset());
      processor.process(
          new Record<>(record.key(), record.value(), record.timestamp(), record.headers()));
      delivered++;
    }
    collect();
  }

  void deliverAll() {
    deliver(Integer.MAX_VALUE);
  }

  /// Publishes and delivers.
  void feed(AccessUnit... units) {
    for (AccessUnit unit : units) {
      publish(unit);
      deliver(1);
    }
  }

  /// Moves the clock on and lets every timer ring that is due, in steps.
  void pass(Duration time) {
    Duration step = time.compareTo(Duration.ofSeconds(1)) > 0 ? Duration.ofMillis(500) : time;
    for (Duration left = time; left.isPositive(); left = left.minus(step)) {
      now += step.toMillis();
      context.setCurrentSystemTimeMs(now);
      for (CapturedPunctuator timer : List.copyOf(context.scheduledPunctuators())) {
        long last = rang.computeIfAbsent(timer, _ -> now - step.toMillis());
        if (!timer.cancelled() && now - last >= timer.getInterval().toMillis()) {
          rang.put(timer, now);
          timer.getPunctuator().punctuate(now);
        }
      }
    }
    collect();
  }

  long timers() {
    return context.scheduledPunctuators().stream().filter(timer -> !timer.cancelled()).count();
  }

  /// Makes state, outputs and offset last, as one transaction does.
  void commit() {
    committedState.clear();
    try (KeyValueIterator<String, byte[]> all = store.all()) {
      all.forEachRemaining(committedState::add);
    }
    committedOutputs = outputs.size();
    committedOffset = delivered;
  }

  /// Kills the task; what was not committed has never been.
  void killAndRestart() {
    processor.close();
    context.resetForwards();
    outputs.subList(committedOutputs, outputs.size()).clear();
    delivered = committedOffset;
    start();
    committedState.forEach(entry -> store.put(entry.key, entry.value));
  }

  /// Restarts with all state and outputs committed, and the consumer further back: what Kafka
  /// Streams does when it commits around a corrupted task.
  void restartFrom(long offset) {
    commit();
    committedOffset = offset;
    killAndRestart();
  }

  /// Calls init again on the same instance.
  void initAgain() {
    context.resetForwards();
    processor.init(context);
  }

  void close() {
    processor.close();
  }

  List<Mask> masks() {
    return values("masks").map(Mask::parse).toList();
  }

  List<FrameStatistics> statistics() {
    return values("statistics").map(FrameStatistics::parse).toList();
  }

  List<DeadLetter> deadLetters() {
    return values("dead-letters").map(DeadLetter::parse).toList();
  }

  List<Output> outputs(String child) {
    return outputs.stream().filter(output -> output.child().equals(child)).toList();
  }

  Progress progress(String cameraId) {
    return new ProgressStore(store, () -> now).all().get(cameraId);
  }

  private java.util.stream.Stream<byte[]> values(String child) {
    return outputs(child).stream().map(output -> (byte[]) output.value());
  }

  private void start() {
    Properties properties = new Properties();
    properties.put("application.id", "rig");
    properties.put("bootstrap.servers", "nowhere:1");
    properties.put("processing.exception.handler.global.enabled", "true");
    context = new MockProcessorContext<>(properties);
    context.setCurrentSystemTimeMs(now);
    store =
        Stores.keyValueStoreBuilder(
                Stores.inMemoryKeyValueStore(ProgressStore.NAME),
                Serdes.String(),
                Serdes.ByteArray())
            .withLoggingDisabled()
            .withCachingDisabled()
            .build();
    store.init(context.getStateStoreContext(), store);
    context.getStateStoreContext().register(store, null);
    processor =
        new SegmentationProcessor(
            new StreamParts(
                settings,
                this::open,
                (camera, time) -> releases.at(camera, time),
                _ -> new ListLog(),
                watch));
    processor.init(context);
  }

  private PaperDecoder open(Grid grid) {
    watch.frameSizes.add(grid.fit(PaperDecoder.SIZE));
    return new PaperDecoder(leaks);
  }

  private void collect() {
    for (CapturedForward<? extends byte[], ?> forward : context.forwarded()) {
      Record<? extends byte[], ?> record = forward.record();
      outputs.add(
          new Output(
              forward.childName().orElseThrow(),
              record.key(),
              record.value(),
              new RecordHeaders(record.headers()),
              record.timestamp()));
    }
    context.resetForwards();
  }

  private final class ListLog implements FrameLog {
    @Override
    public OptionalLong committed() {
      return committedOffset == 0 ? OptionalLong.empty() : OptionalLong.of(committedOffset);
    }

    @Override
    public long firstOffset() {
      return deletedBefore;
    }

    @Override
    public void replay(long from, long toExclusive, Consumer<Logged> sink) {
      if (from < deletedBefore && from < toExclusive) {
        throw new AssertionError("reads what retention has deleted: " + from);
      }
      for (long offset = from; offset < toExclusive; offset++) {
        sink.accept(log.get((int) offset));
      }
    }

    @Override
    public void close() {}
  }
}
