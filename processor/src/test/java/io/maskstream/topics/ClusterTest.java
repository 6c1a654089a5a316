package io.maskstream.topics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.maskstream.broker.EmbeddedBroker;
import io.maskstream.topology.Topics;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Against a real broker; the state of the cluster is changed and read with Kafka's own client.
class ClusterTest {

  @TempDir static Path folder;

  private static EmbeddedBroker broker;
  private static Admin admin;
  private static Cluster cluster;

  @BeforeAll
  static void start() {
    broker = EmbeddedBroker.start(folder, 0);
    Map<String, Object> client = Map.of("bootstrap.servers", broker.bootstrapServers());
    admin = Admin.create(client);
    cluster = Cluster.connect(client);
  }

  @AfterAll
  static void stop() {
    cluster.close();
    admin.close();
    broker.close();
  }

  @Test
  void createsWhatTheTableSaysAndThenFindsNothingToDo() throws Exception {
    TopicTable table = table("fresh", 3);
    assertThat(cluster.check(table))
        .hasSize(table.topics().size())
        .hasOnlyElementsOfType(Deviation.Missing.class);
    assertThat(admin.listTopics().names().get()).noneMatch(name -> name.startsWith("fresh"));

    assertThat(cluster.apply(table)).hasSize(table.topics().size());
    assertThat(cluster.check(table)).isEmpty();
    assertThat(cluster.apply(table)).isEmpty();

    assertThat(partitions("fresh.frames")).isEqualTo(3);
    assertThat(partitions("fresh.models")).isEqualTo(1);
    assertThat(config("fresh.frames", "message.timestamp.type")).isEqualTo("LogAppendTime");
    assertThat(config("fresh.frames", "max.message.bytes")).isEqualTo("8388608");
    assertThat(config("fresh.masks", "retention.ms")).isEqualTo("86400000");
    assertThat(config("fresh.cameras", "cleanup.policy")).isEqualTo("compact");
  }

  @Test
  void mendsAChangedConfigurationAndLeavesOthersAlone() throws Exception {
    TopicTable table = table("changed", 1);
    cluster.apply(table);
    alter("changed.frames", "message.timestamp.type", "CreateTime");
    alter("changed.frames", "flush.ms", "4711");

    await()
        .untilAsserted(() ->
            assertThat(cluster.check(table))
                .containsExactly(
                    new Deviation.Config(
                        "changed.frames",
                        "message.timestamp.type",
                        "LogAppendTime",
                        "CreateTime")));
    cluster.apply(table);
    assertThat(cluster.check(table)).isEmpty();
    assertThat(config("changed.frames", "flush.ms")).isEqualTo("4711");
  }

  @Test
  void refusesOtherPartitionCountsOfFramesBeforeAnythingIsChanged() throws Exception {
    admin.createTopics(List.of(new NewTopic("grown.frames", 2, (short) 1))).all().get();
    assertThatThrownBy(() -> cluster.apply(table("grown", 4)))
        .isInstanceOf(TopicException.class)
        .hasMessageContaining("grown.frames has 2 partitions, wanted 4")
        .hasMessageContaining("--partitions 2");
    assertThat(admin.listTopics().names().get())
        .contains("grown.frames")
        .doesNotContain("grown.masks");
    assertThat(partitions("grown.frames")).isEqualTo(2);
  }

  @Test
  void refusesMasksThatDoNotLieInThePartitionOfTheirFrames() throws Exception {
    TopicTable table = table("apart", 2);
    cluster.apply(table);
    admin.createPartitions(Map.of("apart.masks", NewPartitions.increaseTo(3))).all().get();
    await()
        .untilAsserted(() ->
            assertThat(cluster.check(table))
                .contains(new Deviation.NotCopartitioned("apart.masks", 3, "apart.frames", 2)));
    assertThatThrownBy(() -> cluster.apply(table)).hasMessageContaining("apart.masks");
  }

  @Test
  void reportsWhatItCannotMendWithARemedy() {
    cluster.apply(table("few", 1));
    TopicTable safer =
        TopicTable.of(Topics.withPrefix("few"), ControlTopics.withPrefix("few"), 1, 3);
    assertThat(cluster.apply(safer)).isEmpty();
    assertThat(cluster.check(safer))
        .hasSize(safer.topics().size())
        .allSatisfy(deviation -> assertThat(deviation).isInstanceOf(Deviation.Replication.class));
    assertThat(Cluster.line(cluster.check(safer).getFirst()))
        .isEqualTo(
            "few.frames has 1 replicas, wanted 3; remedy: move it with"
                + " kafka-reassign-partitions.sh, or ask for --replication-factor 1");
  }

  @Test
  void saysWithinSecondsThatNoBrokerAnswers() throws Exception {
    int nobody;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = socket.getLocalPort();
    }
    long start = System.nanoTime();
    try (Cluster none = Cluster.connect(Map.of("bootstrap.servers", "127.0.0.1:" + nobody))) {
      assertThatThrownBy(() -> none.check(table("none", 1)))
          .isInstanceOf(TopicException.class)
          .hasMessageContaining("bootstrap.servers=127.0.0.1:" + nobody);
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
  }

  @Test
  void saysThatAHostHasNoAddress() {
    assertThatThrownBy(
            () -> Cluster.connect(Map.of("bootstrap.servers", "no-such-host.invalid:9092")))
        .isInstanceOf(TopicException.class)
        .hasMessageContaining("no-such-host.invalid:9092");
  }

  private static TopicTable table(String prefix, int partitions) {
    return TopicTable.of(
        Topics.withPrefix(prefix), ControlTopics.withPrefix(prefix), partitions, 1);
  }

  private static int partitions(String topic) throws Exception {
    return admin
        .describeTopics(List.of(topic))
        .allTopicNames()
        .get()
        .get(topic)
        .partitions()
        .size();
  }

  private static String config(String topic, String name) throws Exception {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    return admin.describeConfigs(List.of(resource)).all().get().get(resource).get(name).value();
  }

  private static void alter(String topic, String name, String value) throws Exception {
    AlterConfigOp change =
        new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
    admin
        .incrementalAlterConfigs(
            Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), List.of(change)))
        .all()
        .get();
  }
}
