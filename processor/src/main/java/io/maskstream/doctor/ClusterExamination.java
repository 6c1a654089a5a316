package io.maskstream.doctor;

import io.maskstream.config.ProcessorConfig;
import io.maskstream.doctor.Finding.Level;
import io.maskstream.topics.Cluster;
import io.maskstream.topics.ClusterFacts;
import io.maskstream.topics.ClusterFacts.Safety;
import io.maskstream.topics.Deviation;
import io.maskstream.topics.TopicException;
import io.maskstream.topics.TopicTable;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/// Brokers, what they promise, and the topics.
record ClusterExamination(ProcessorConfig config, boolean production, List<Finding> findings) {

  private static final int SAFE_REPLICAS = 3;
  private static final int SAFE_IN_SYNC = 2;
  private static final int SAFE_TRANSACTIONS = 2;

  /// Without these, frames or masks are refused, or their times are the cameras' own.
  private static final Set<String> NEEDED =
      Set.of("max.message.bytes", "message.timestamp.type", "cleanup.policy");

  /// @return whether the frames topic can be read
  boolean run() {
    try (Cluster cluster = Cluster.connect(config.kafkaClient())) {
      ClusterFacts facts = cluster.facts(table(TopicTable.PARTITIONS));
      findings.add(
          Finding.ok(
              "broker",
              "bootstrap.servers=%s cluster.id=%s brokers=%d metadata.version=%d"
                  .formatted(
                      config.stream().bootstrapServers(),
                      facts.clusterId(),
                      facts.brokers(),
                      facts.metadataVersion())));
      safety(facts);
      Safety frames = facts.topics().get(config.stream().topics().frames());
      topics(cluster.check(table(frames == null ? TopicTable.PARTITIONS : frames.partitions())));
      return frames != null;
    } catch (TopicException e) {
      findings.add(
          Finding.failed(
              Level.FAILURE,
              "broker",
              String.valueOf(e.getMessage()),
              "check bootstrap.servers and the kafka.* keys of the configuration"));
      return false;
    }
  }

  /// However many partitions there are: their number is the operator's to choose.
  private TopicTable table(int partitions) {
    return TopicTable.of(config.stream().topics(), config.controlTopics(), partitions, -1);
  }

  private void safety(ClusterFacts facts) {
    int before = findings.size();
    String few = names(facts, SAFE_REPLICAS, Safety::replicas);
    if (!few.isEmpty()) {
      unsafe(
          "replication.factor < %d: %s".formatted(SAFE_REPLICAS, few),
          "run three brokers, create topics with `maskstream topics apply --replication-factor 3`,"
              + " and move those that exist with kafka-reassign-partitions.sh");
    }
    String loose = names(facts, SAFE_IN_SYNC, Safety::minInSync);
    if (!loose.isEmpty()) {
      unsafe(
          "min.insync.replicas < %d: %s".formatted(SAFE_IN_SYNC, loose),
          "set min.insync.replicas=2 on the brokers, with three replicas");
    }
    if (facts.transactionVersion() < SAFE_TRANSACTIONS) {
      unsafe(
          "transaction.version=%d, wanted %d"
              .formatted(facts.transactionVersion(), SAFE_TRANSACTIONS),
          "kafka-features.sh upgrade --feature transaction.version=2");
    }
    if (facts.autoCreateTopics().equals(Optional.of("true"))) {
      unsafe(
          "auto.create.topics.enable=true: a misspelt name becomes a topic with the wrong limits",
          "set auto.create.topics.enable=false on the brokers");
    }
    if (findings.size() == before) {
      findings.add(
          Finding.ok(
              "cluster",
              "replication.factor>=%d min.insync.replicas>=%d transaction.version=%d auto.create.topics.enable=%s"
                  .formatted(
                      SAFE_REPLICAS,
                      SAFE_IN_SYNC,
                      facts.transactionVersion(),
                      facts.autoCreateTopics().orElse("(may not be asked)"))));
    }
  }

  private void unsafe(String what, String remedy) {
    findings.add(new Finding(production ? Level.FAILURE : Level.WARNING, "cluster", what, remedy));
  }

  private static String names(ClusterFacts facts, int wanted, ToIntFunction<Safety> figure) {
    return facts.topics().entrySet().stream()
        .filter(topic -> figure.applyAsInt(topic.getValue()) < wanted)
        .map(topic -> topic.getKey() + "=" + figure.applyAsInt(topic.getValue()))
        .sorted()
        .collect(Collectors.joining(" "));
  }

  private void topics(List<Deviation> deviations) {
    if (deviations.isEmpty()) {
      findings.add(Finding.ok("topics", "all are as they should be"));
    }
    for (Deviation each : deviations) {
      findings.add(
          new Finding(level(each), "topics", each.topic() + " " + each.what(), each.remedy()));
    }
  }

  private static Level level(Deviation deviation) {
    return switch (deviation) {
      case Deviation.Missing _, Deviation.NotCopartitioned _ -> Level.FAILURE;
      case Deviation.Config config ->
          NEEDED.contains(config.name()) ? Level.FAILURE : Level.WARNING;
      case Deviation.Partitions _, Deviation.Replication _ -> Level.WARNING;
    };
  }
}
