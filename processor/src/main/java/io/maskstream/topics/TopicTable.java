package io.maskstream.topics;

import io.maskstream.topology.Topics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Every topic of Maskstream with its settings; what a cluster is compared with.
///
/// @param topics in the order in which data flows
/// @param frames name of the topic of access units
/// @param masks name of the topic of masks, with as many partitions as that of frames
public record TopicTable(List<TopicSpec> topics, String frames, String masks) {

  /// Room for growth: the number is fixed for life, and processors share the work by partition.
  public static final int PARTITIONS = 24;

  private static final long HOUR_MS = 3_600_000;
  private static final long DAY_MS = 24 * HOUR_MS;
  private static final int LARGEST_RECORD_BYTES = 8 << 20;
  private static final long FRAME_LOG_BYTES = 4L << 30;

  public TopicTable {
    topics = List.copyOf(topics);
  }

  /// The table with the usual names.
  ///
  /// @param partitions of every topic that is keyed by camera
  /// @param replicationFactor of new topics; -1 leaves it to the brokers
  public static TopicTable standard(int partitions, int replicationFactor) {
    return of(Topics.STANDARD, ControlTopics.STANDARD, partitions, replicationFactor);
  }

  /// The table with these names.
  public static TopicTable of(
      Topics stream, ControlTopics control, int partitions, int replicationFactor) {
    short replicas = (short) replicationFactor;
    return new TopicTable(
        List.of(
            new TopicSpec(
                stream.frames(), "camera id", "AccessUnit", partitions, replicas, frameConfigs()),
            new TopicSpec(stream.masks(), "camera id", "Mask", partitions, replicas, logOf(DAY_MS)),
            new TopicSpec(
                stream.statistics(),
                "camera id",
                "FrameStatistics",
                partitions,
                replicas,
                logOf(7 * DAY_MS)),
            new TopicSpec(
                stream.windowStatistics(),
                "camera id",
                "WindowStatistics",
                partitions,
                replicas,
                logOf(90 * DAY_MS)),
            new TopicSpec(
                stream.deadLetters(),
                "key of the record",
                "DeadLetter",
                partitions,
                replicas,
                logOf(7 * DAY_MS)),
            new TopicSpec(control.cameras(), "camera id", "CameraStatus", 1, replicas, compacted()),
            new TopicSpec(control.models(), "scope", "ModelHistory", 1, replicas, compacted()),
            new TopicSpec(
                control.modelStatus(), "instance id", "ModelStatus", 1, replicas, compacted()),
            new TopicSpec(
                control.shadow(), "scope", "ShadowReport", 1, replicas, logOf(7 * DAY_MS)),
            new TopicSpec(
                control.shadowMasks(), "camera id", "Mask", partitions, replicas, logOf(DAY_MS)),
            new TopicSpec(
                control.labelCandidates(),
                "camera id",
                "LabelCandidate",
                1,
                replicas,
                logOf(7 * DAY_MS))),
        stream.frames(),
        stream.masks());
  }

  private static Map<String, String> frameConfigs() {
    Map<String, String> configs = new LinkedHashMap<>();
    configs.put("cleanup.policy", "delete");
    configs.put("retention.ms", Long.toString(HOUR_MS));
    configs.put("retention.bytes", Long.toString(FRAME_LOG_BYTES));
    // Retention removes whole segments, so the usual gigabyte would outlive its hour by far.
    configs.put("segment.ms", "600000");
    configs.put("segment.bytes", Integer.toString(256 << 20));
    configs.put("max.message.bytes", Integer.toString(LARGEST_RECORD_BYTES));
    // Video is coded already; and a compressed batch of 16 KB can hide a record of 512 MiB, which
    // an uncompressed topic makes the broker unpack and refuse.
    configs.put("compression.type", "uncompressed");
    // Brokers refuse records more than an hour ahead of their own clock; cameras' clocks are.
    configs.put("message.timestamp.type", "LogAppendTime");
    return configs;
  }

  private static Map<String, String> logOf(long retentionMs) {
    Map<String, String> configs = new LinkedHashMap<>();
    configs.put("cleanup.policy", "delete");
    configs.put("retention.ms", Long.toString(retentionMs));
    configs.put("max.message.bytes", Integer.toString(LARGEST_RECORD_BYTES));
    return configs;
  }

  private static Map<String, String> compacted() {
    // Only closed segments are compacted, and the usual gigabyte of reports would never be closed.
    return Map.of("cleanup.policy", "compact", "segment.bytes", Integer.toString(16 << 20));
  }
}
