package io.maskstream.topology;

import java.util.Map;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.TimestampExtractor;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/// The graph of the stream: one source, the segmentation, the windows, four sinks. Keys stay what
/// they are, so nothing is sent through a topic of its own on the way. Every name is explicit:
/// names of stores are names of topics on the brokers.
final class SegmentationTopology {

  static final String FRAMES = "frames";
  static final String SEGMENTATION = "segmentation";
  static final String MASKS = "masks";
  static final String STATISTICS = "statistics";
  static final String WINDOWS = "windows";
  static final String WINDOW_STATISTICS = "window-statistics";

  /// Behind [#FRAMES] in the alphabet, by which Kafka Streams numbers the parts of a topology:
  /// tasks, and with them the folders of their state, keep their names when the topic is added.
  static final String MODELS = "models-topic";

  static final String DEAD_LETTERS = "dead-letters";

  /// Changelogs of a few kilobytes that are restored in milliseconds.
  private static final Map<String, String> CHANGELOG =
      Map.of(
          "cleanup.policy", "compact",
          "segment.bytes", Integer.toString(16 << 20),
          "min.cleanable.dirty.ratio", "0.1");

  /// A record without a valid time is still an access unit.
  private static final TimestampExtractor NEVER_NEGATIVE =
      (record, partitionTime) -> Math.max(0, record.timestamp());

  private SegmentationTopology() {}

  /// With the models topic beside: every processor reads all of it, before the first frame.
  static Topology build(StreamParts parts, ServedReleases releases) {
    StoreBuilder<KeyValueStore<String, byte[]>> inMemory =
        Stores.keyValueStoreBuilder(
                Stores.inMemoryKeyValueStore(ModelsProcessor.STORE),
                Serdes.String(),
                Serdes.ByteArray())
            .withCachingDisabled()
            // Persistent, it would start where it stopped, and hand over nothing of before.
            .withLoggingDisabled();
    return build(parts)
        .addGlobalStore(
            inMemory,
            MODELS,
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer(),
            releases.control().models(),
            "assignments",
            () -> new ModelsProcessor(releases));
  }

  static Topology build(StreamParts parts) {
    Topics topics = parts.settings().topics();
    ByteArraySerializer bytes = new ByteArraySerializer();
    return new Topology()
        .addSource(
            AutoOffsetReset.earliest(),
            FRAMES,
            NEVER_NEGATIVE,
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer(),
            topics.frames())
        .addProcessor(SEGMENTATION, () -> new SegmentationProcessor(parts), FRAMES)
        .addStateStore(store(ProgressStore.NAME), SEGMENTATION)
        .addProcessor(WINDOWS, () -> new WindowProcessor(parts), SEGMENTATION)
        .addStateStore(store(WindowProcessor.STORE), WINDOWS)
        .addSink(MASKS, topics.masks(), bytes, bytes, SEGMENTATION)
        .addSink(STATISTICS, topics.statistics(), bytes, bytes, SEGMENTATION)
        .addSink(WINDOW_STATISTICS, topics.windowStatistics(), bytes, bytes, WINDOWS)
        .addSink(DEAD_LETTERS, topics.deadLetters(), bytes, bytes, SEGMENTATION);
  }

  /// Without a cache a put is sent when it is made, in the transaction of the answers it speaks of,
  /// even when Kafka Streams commits a thread's transaction around a task that it then throws away
  /// (TaskManager.handleCorruption). Persistent, because the identity of the processor's
  /// transactions is kept beside it.
  private static StoreBuilder<KeyValueStore<String, byte[]>> store(String name) {
    return Stores.keyValueStoreBuilder(
            Stores.persistentKeyValueStore(name), Serdes.String(), Serdes.ByteArray())
        .withCachingDisabled()
        .withLoggingEnabled(CHANGELOG);
  }
}
