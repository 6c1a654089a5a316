package io.maskstream.topics;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.FinalizedVersionRange;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/// A Kafka cluster whose topics are compared with a table and brought to it. Topics are never
/// shrunk, grown or recreated. Not thread-safe; owns its connection.
public final class Cluster implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(8);

  private final Admin admin;
  private final String bootstrapServers;

  private Cluster(Admin admin, String bootstrapServers) {
    this.admin = admin;
    this.bootstrapServers = bootstrapServers;
  }

  /// @param clientProperties of any Kafka client, `bootstrap.servers` among them
  /// @throws TopicException if they cannot be used; brokers are not yet asked
  public static Cluster connect(Map<?, ?> clientProperties) {
    Map<String, Object> client = new HashMap<>();
    client.put("request.timeout.ms", (int) PATIENCE.toMillis());
    client.put("default.api.timeout.ms", (int) PATIENCE.toMillis());
    clientProperties.forEach((name, value) -> client.put((String) name, value));
    String servers = String.valueOf(client.get("bootstrap.servers"));
    try {
      return new Cluster(Admin.create(client), servers);
    } catch (KafkaException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new TopicException(
          "cannot connect: bootstrap.servers=" + servers + ": " + cause.getMessage(), e);
    }
  }

  /// Every way in which the cluster differs from the table; changes nothing.
  ///
  /// @throws TopicException within ten seconds, if no broker answers
  public List<Deviation> check(TopicTable table) {
    Map<String, TopicDescription> present = describe(table);
    Map<String, Config> configs = configs(present.keySet());
    List<Deviation> deviations = new ArrayList<>();
    for (TopicSpec wanted : table.topics()) {
      TopicDescription topic = present.get(wanted.name());
      Config config = configs.get(wanted.name());
      if (topic == null || config == null) {
        deviations.add(new Deviation.Missing(wanted));
      } else {
        compare(wanted, topic, config, deviations);
      }
    }
    coPartitioned(table, present).ifPresent(deviations::add);
    return deviations;
  }

  /// What tells whether the cluster keeps what it has taken; changes nothing.
  ///
  /// @throws TopicException within ten seconds, if no broker answers
  public ClusterFacts facts(TopicTable table) {
    DescribeClusterResult cluster = admin.describeCluster();
    List<Node> nodes = List.copyOf(answer(cluster.nodes(), NoException.class).orElseThrow());
    Map<String, FinalizedVersionRange> features =
        answer(admin.describeFeatures().featureMetadata(), NoException.class)
            .orElseThrow()
            .finalizedFeatures();
    Map<String, TopicDescription> present = describe(table);
    Map<String, ClusterFacts.Safety> topics = new TreeMap<>();
    configs(present.keySet())
        .forEach((name, config) -> {
          TopicDescription topic = present.get(name);
          if (topic != null) {
            topics.put(
                name,
                new ClusterFacts.Safety(
                    topic.partitions().size(),
                    topic.partitions().getFirst().replicas().size(),
                    Integer.parseInt(config.get("min.insync.replicas").value())));
          }
        });
    return new ClusterFacts(
        answer(cluster.clusterId(), NoException.class).orElse(""),
        nodes.size(),
        level(features, "metadata.version"),
        level(features, "transaction.version"),
        brokerConfig(nodes.getFirst(), "auto.create.topics.enable"),
        topics);
  }

  private static int level(Map<String, FinalizedVersionRange> features, String name) {
    FinalizedVersionRange range = features.get(name);
    return range == null ? 0 : range.maxVersionLevel();
  }

  /// Empty where it may not be asked for.
  private Optional<String> brokerConfig(Node broker, String name) {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.BROKER, broker.idString());
    return answer(admin.describeConfigs(List.of(resource)).all(), AuthorizationException.class)
        .flatMap(configs -> Optional.ofNullable(configs.get(resource)))
        .map(config -> config.get(name))
        .map(ConfigEntry::value);
  }

  /// Creates topics and alters configurations; what it cannot mend, [#check] still reports.
  ///
  /// @return what was mended
  /// @throws TopicException if frames and masks cannot be brought together, before anything is
  ///   changed
  public List<Deviation> apply(TopicTable table) {
    List<Deviation> deviations = check(table);
    List<String> faults =
        deviations.stream().filter(each -> isFatal(table, each)).map(Cluster::line).toList();
    if (!faults.isEmpty()) {
      throw new TopicException(faults);
    }
    List<Deviation> mended = deviations.stream().filter(Cluster::canBeMended).toList();
    create(mended);
    alter(mended);
    awaitMended(table);
    return mended;
  }

  /// Topic, difference and remedy in one line.
  public static String line(Deviation deviation) {
    return deviation.topic() + " " + deviation.what() + "; remedy: " + deviation.remedy();
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(1));
  }

  private static void compare(
      TopicSpec wanted, TopicDescription topic, Config config, List<Deviation> deviations) {
    int partitions = topic.partitions().size();
    if (partitions != wanted.partitions()) {
      deviations.add(new Deviation.Partitions(wanted.name(), wanted.partitions(), partitions));
    }
    int replicas = topic.partitions().getFirst().replicas().size();
    if (wanted.replicationFactor() > 0 && replicas != wanted.replicationFactor()) {
      deviations.add(
          new Deviation.Replication(wanted.name(), wanted.replicationFactor(), replicas));
    }
    wanted
        .configs()
        .forEach((name, value) -> {
          ConfigEntry entry = config.get(name);
          String actual = entry == null ? "" : String.valueOf(entry.value());
          if (!actual.equals(value)) {
            deviations.add(new Deviation.Config(wanted.name(), name, value, actual));
          }
        });
  }

  private static Optional<Deviation> coPartitioned(
      TopicTable table, Map<String, TopicDescription> present) {
    TopicDescription frames = present.get(table.frames());
    TopicDescription masks = present.get(table.masks());
    if (frames == null
        || masks == null
        || frames.partitions().size() == masks.partitions().size()) {
      return Optional.empty();
    }
    return Optional.of(
        new Deviation.NotCopartitioned(
            masks.name(), masks.partitions().size(), frames.name(), frames.partitions().size()));
  }

  private static boolean isFatal(TopicTable table, Deviation deviation) {
    return switch (deviation) {
      case Deviation.NotCopartitioned _ -> true;
      case Deviation.Partitions(String topic, int _, int _) ->
          topic.equals(table.frames()) || topic.equals(table.masks());
      case Deviation.Missing _, Deviation.Config _, Deviation.Replication _ -> false;
    };
  }

  /// Whether [#apply] brings it in order.
  public static boolean canBeMended(Deviation deviation) {
    return deviation instanceof Deviation.Missing || deviation instanceof Deviation.Config;
  }

  private void create(List<Deviation> mended) {
    List<NewTopic> topics = new ArrayList<>();
    for (Deviation each : mended) {
      if (each instanceof Deviation.Missing(TopicSpec wanted)) {
        Optional<Short> replicas =
            wanted.replicationFactor() > 0
                ? Optional.of(wanted.replicationFactor())
                : Optional.empty();
        topics.add(
            new NewTopic(wanted.name(), Optional.of(wanted.partitions()), replicas)
                .configs(wanted.configs()));
      }
    }
    for (KafkaFuture<Void> created : admin.createTopics(topics).values().values()) {
      answer(created, TopicExistsException.class);
    }
  }

  private void alter(List<Deviation> mended) {
    Map<ConfigResource, Collection<AlterConfigOp>> changes = new LinkedHashMap<>();
    for (Deviation each : mended) {
      if (each instanceof Deviation.Config(String topic, String name, String wanted, String _)) {
        changes
            .computeIfAbsent(resource(topic), _ -> new ArrayList<>())
            .add(new AlterConfigOp(new ConfigEntry(name, wanted), AlterConfigOp.OpType.SET));
      }
    }
    answer(admin.incrementalAlterConfigs(changes).all(), NoException.class);
  }

  /// A broker knows of a change a moment after the controller has made it.
  private void awaitMended(TopicTable table) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (check(table).stream().anyMatch(Cluster::canBeMended)) {
      if (System.nanoTime() > end) {
        throw new TopicException(
            List.of("the brokers do not show the changes yet; look with maskstream topics check"));
      }
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        throw interrupted(e);
      }
    }
  }

  private Map<String, TopicDescription> describe(TopicTable table) {
    List<String> names = table.topics().stream().map(TopicSpec::name).toList();
    Map<String, TopicDescription> present = new HashMap<>();
    admin
        .describeTopics(names)
        .topicNameValues()
        .forEach((name, described) ->
            answer(described, UnknownTopicOrPartitionException.class)
                .ifPresent(topic -> present.put(name, topic)));
    return present;
  }

  private Map<String, Config> configs(Collection<String> names) {
    Map<ConfigResource, KafkaFuture<Config>> answers =
        admin.describeConfigs(names.stream().map(Cluster::resource).toList()).values();
    return answers.entrySet().stream()
        .collect(
            Collectors.toMap(
                each -> each.getKey().name(),
                each -> answer(each.getValue(), NoException.class).orElseThrow()));
  }

  private static ConfigResource resource(String topic) {
    return new ConfigResource(ConfigResource.Type.TOPIC, topic);
  }

  /// An exception that nothing throws.
  private static final class NoException extends RuntimeException {}

  /// The brokers' answer; empty if it is the expected exception or nothing.
  private <T> Optional<T> answer(KafkaFuture<T> future, Class<? extends Exception> expected) {
    try {
      return Optional.ofNullable(future.get(PATIENCE.toMillis() + 1000, TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      throw unreachable(e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      if (expected.isInstance(cause)) {
        return Optional.empty();
      }
      if (cause instanceof org.apache.kafka.common.errors.TimeoutException) {
        throw unreachable(cause);
      }
      throw new TopicException(
          "the brokers refuse: bootstrap.servers=" + bootstrapServers + ": " + cause.getMessage(),
          cause);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private TopicException unreachable(Throwable cause) {
    return new TopicException(
        "no broker answers within "
            + PATIENCE.toSeconds()
            + " s: bootstrap.servers="
            + bootstrapServers
            + "; check the address, and whether Kafka runs there",
        cause);
  }

  private static TopicException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new TopicException("interrupted while talking to the brokers", e);
  }
}
