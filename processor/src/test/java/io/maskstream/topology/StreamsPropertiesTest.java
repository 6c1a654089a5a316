package io.maskstream.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.streams.StreamsConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamsPropertiesTest {

  @TempDir Path stateDir;

  @Test
  void theUsersPropertiesReachTheClientsTheyAreMeantForAndWin() {
    Properties properties =
        properties(
            Map.of(
                "kafka.security.protocol", "SASL_SSL",
                "streams.commit.interval.ms", "20",
                "producer.linger.ms", "3",
                "consumer.max.poll.records", "7"));
    assertThat(properties)
        .containsEntry("security.protocol", "SASL_SSL")
        .containsEntry("commit.interval.ms", "20")
        .containsEntry("producer.linger.ms", "3")
        .containsEntry("consumer.max.poll.records", "7")
        .containsEntry("processing.guarantee", "exactly_once_v2");
  }

  @Test
  void whatHasASettingOfItsOwnIsRefusedAsAClientProperty() {
    assertThatThrownBy(() -> properties(Map.of("streams.state.dir", "/elsewhere")))
        .hasMessageContaining("streams.state.dir has a setting of its own");
    assertThatThrownBy(() -> properties(Map.of("linger.ms", "3")))
        .hasMessageContaining("none of the prefixes");
  }

  @Test
  void aRestartFindsItsNameInTheGroupAgainAndAnotherFolderHasAnother(@TempDir Path other) {
    Object name = properties(Map.of()).get("consumer.group.instance.id");
    assertThat(properties(Map.of()).get("consumer.group.instance.id")).isEqualTo(name);
    assertThat(
            StreamsProperties.of(StreamSettings.of("a:1", "app", other))
                .get("consumer.group.instance.id"))
        .isNotEqualTo(name);
  }

  @Test
  void kafkaStreamsTakesAllOfThem() {
    StreamsConfig config = new StreamsConfig(properties(Map.of()));
    Map<String, Object> producer = config.getProducerConfigs("test");
    assertThat(producer)
        .containsEntry("linger.ms", 0)
        .containsEntry("transaction.timeout.ms", 60_000)
        .containsEntry("compression.type", "zstd");
    assertThat(config.getMainConsumerConfigs("app", "test", 0))
        .containsEntry("isolation.level", "read_committed")
        .containsEntry("session.timeout.ms", 10_000);
  }

  private Properties properties(Map<String, String> ofTheUser) {
    return StreamsProperties.of(
        StreamSettings.of("a:1", "app", stateDir).withClientProperties(ofTheUser));
  }
}
