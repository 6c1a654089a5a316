package io.maskstream.topology;

import io.maskstream.topology.StreamSettings.RecordLimits;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import org.apache.kafka.streams.StreamsConfig;

/// [StreamSettings] in Kafka Streams' own words.
final class StreamsProperties {

  /// Prefixes of the user's properties; those of a client reach that kind of client alone.
  private static final Map<String, String> PREFIXES =
      Map.of("kafka.", "", "streams.", "", "producer.", "producer.", "consumer.", "consumer.");

  /// Kafka's names of what has its own place in the settings.
  private static final List<String> OWNED =
      List.of("bootstrap.servers", "application.id", "state.dir", "num.stream.threads");

  private StreamsProperties() {}

  static Properties of(StreamSettings settings) {
    Map<String, Object> all = new HashMap<>(own(settings));
    settings.clientProperties().forEach((name, value) -> all.put(kafkaName(name), value));
    all.computeIfAbsent("consumer.group.instance.id", _ -> instanceId(settings));
    Properties properties = new Properties();
    properties.putAll(all);
    return properties;
  }

  /// Properties of any client that talks to the same brokers.
  static Map<String, Object> ofClient(StreamSettings settings) {
    Map<String, Object> client = new HashMap<>();
    settings
        .clientProperties()
        .forEach((name, value) -> {
          if (name.startsWith("kafka.")) {
            client.put(kafkaName(name), value);
          }
        });
    client.put("bootstrap.servers", settings.bootstrapServers());
    return client;
  }

  private static Map<String, Object> own(StreamSettings settings) {
    int recordBytes = settings.limits().maskBytes() + RecordLimits.ROOM;
    Map<String, Object> own = new HashMap<>();
    own.put("application.id", settings.applicationId());
    own.put("bootstrap.servers", settings.bootstrapServers());
    own.put("state.dir", settings.stateDir().toString());
    own.put("num.stream.threads", settings.threads());
    own.put("processing.guarantee", StreamsConfig.EXACTLY_ONCE_V2);
    // The protocol "streams" knows no static membership yet, and its timeouts are the broker's.
    own.put("group.protocol", "classic");
    own.put("processing.exception.handler.global.enabled", true);
    // The partition assignor reads its settings from the consumer's, and warns if this is not
    // there.
    own.put("main.consumer.processing.exception.handler.global.enabled", true);
    own.put("commit.interval.ms", 100);
    own.put("poll.ms", 5);
    // Records of 100 KB and more: the usual 1000 a partition would be gigabytes.
    own.put("buffered.records.per.partition", 64);
    own.put("statestore.cache.max.bytes", 0);
    own.put("num.standby.replicas", 0);
    own.put("rocksdb.config.setter", SmallRocks.class.getName());
    // Keys and values are bytes, so nothing fails to deserialize; what fails later is a mistake of
    // ours, and going on would lose a frame: all handlers stay at "fail".
    own.put("producer.linger.ms", 0);
    own.put("producer.compression.type", "zstd");
    own.put("producer.max.request.size", recordBytes);
    own.put("producer.buffer.memory", 64 << 20);
    own.put("producer.transaction.timeout.ms", (int) settings.transactionTimeout().toMillis());
    own.put("consumer.max.poll.records", 64);
    own.put("consumer.max.partition.fetch.bytes", 4 << 20);
    own.put("consumer.fetch.max.bytes", 32 << 20);
    own.put("consumer.session.timeout.ms", 10_000);
    own.put("consumer.heartbeat.interval.ms", 3_000);
    return own;
  }

  private static String kafkaName(String name) {
    for (Map.Entry<String, String> prefix : PREFIXES.entrySet()) {
      if (name.startsWith(prefix.getKey())) {
        String kafka = prefix.getValue() + name.substring(prefix.getKey().length());
        if (OWNED.contains(kafka)) {
          throw new IllegalArgumentException(
              name + " has a setting of its own; remove it from the client properties");
        }
        return kafka;
      }
    }
    throw new IllegalArgumentException(
        "client property has none of the prefixes kafka., streams., producer., consumer.: " + name);
  }

  /// A name that a restart finds again, so that the group gives the processor its partitions back
  /// at once instead of waiting for its former self to time out.
  private static String instanceId(StreamSettings settings) {
    Path file = settings.stateDir().resolve(settings.applicationId() + ".instance");
    try {
      if (Files.exists(file)) {
        return Files.readString(file).strip();
      }
      Files.createDirectories(settings.stateDir());
      String id = UUID.randomUUID().toString();
      Files.writeString(file, id + "\n");
      return id;
    } catch (IOException e) {
      throw new UncheckedIOException(
          "state.dir cannot be written: state.dir=" + settings.stateDir(), e);
    }
  }
}
