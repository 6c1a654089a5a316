package io.maskstream.topics;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/// How one topic should be.
///
/// @param name of the topic
/// @param key what its records are keyed by
/// @param value the message in its records
/// @param partitions of the topic; fixed for life
/// @param replicationFactor of a new topic; -1 leaves it to the brokers
/// @param configs Kafka's own names and values; the rest is left to the brokers
public record TopicSpec(
    String name,
    String key,
    String value,
    int partitions,
    short replicationFactor,
    Map<String, String> configs) {

  public TopicSpec {
    configs = Collections.unmodifiableMap(new TreeMap<>(configs));
    if (!name.matches("[A-Za-z0-9._-]{1,249}")) {
      throw new IllegalArgumentException(
          "topic name wants 1 to 249 letters, digits, '.', '_' and '-': " + name);
    }
    if (partitions < 1 || replicationFactor == 0 || replicationFactor < -1) {
      throw new IllegalArgumentException(
          "partitions must be at least 1, the replication factor too (or -1, the brokers' own):"
              + " topic="
              + name
              + " partitions="
              + partitions
              + " replication factor="
              + replicationFactor);
    }
  }
}
