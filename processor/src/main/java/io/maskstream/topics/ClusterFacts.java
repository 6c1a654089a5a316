package io.maskstream.topics;

import java.util.Map;
import java.util.Optional;

/// What a cluster says of itself.
///
/// @param clusterId of the cluster
/// @param brokers that are there
/// @param metadataVersion level of the feature metadata.version
/// @param transactionVersion level of the feature transaction.version; 2 guards against
///   transactions that never end (KIP-890)
/// @param autoCreateTopics the brokers' auto.create.topics.enable; empty where it may not be asked
/// @param topics those of the table that are there, by name
public record ClusterFacts(
    String clusterId,
    int brokers,
    int metadataVersion,
    int transactionVersion,
    Optional<String> autoCreateTopics,
    Map<String, Safety> topics) {

  public ClusterFacts {
    topics = Map.copyOf(topics);
  }

  /// How well a topic is kept.
  ///
  /// @param minInSync replicas that must have a record before it counts as written
  public record Safety(int partitions, int replicas, int minInSync) {}
}
