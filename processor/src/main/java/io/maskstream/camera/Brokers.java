package io.maskstream.camera;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/// A look at the brokers before the first access unit: what is missing is said within seconds, not
/// after a producer's long patience.
final class Brokers {

  private static final int PATIENCE_SECONDS = 10;

  private Brokers() {}

  /// Makes sure that the topics are there.
  ///
  /// @throws CameraException if there is no broker, or a topic is missing
  static void requireTopics(Properties client, List<String> topics) {
    try (Admin admin = admin(client)) {
      requireTopics(admin, client, topics);
    } catch (KafkaException e) {
      throw unreachable(client, e);
    }
  }

  /// Makes sure that the publisher's topics are there.
  ///
  /// @return the largest record that both the publisher and the frames topic allow
  /// @throws CameraException if there is no broker, or a topic is missing
  static int largestRecord(Properties client, PublisherSettings settings) {
    List<String> topics = new ArrayList<>(List.of(settings.framesTopic()));
    settings.camerasTopic().ifPresent(topics::add);
    try (Admin admin = admin(client)) {
      requireTopics(admin, client, topics);
      return Math.min(settings.maxRequestBytes(), topicLimit(admin, settings.framesTopic()));
    } catch (KafkaException e) {
      throw unreachable(client, e);
    }
  }

  static CameraException unreachable(Properties client, KafkaException e) {
    return new CameraException("cannot reach Kafka at " + servers(client), e);
  }

  private static Admin admin(Properties client) {
    Properties properties = new Properties();
    properties.putAll(client);
    properties.put("default.api.timeout.ms", PATIENCE_SECONDS * 1_000);
    properties.put("request.timeout.ms", PATIENCE_SECONDS * 500);
    return Admin.create(properties);
  }

  private static void requireTopics(Admin admin, Properties client, List<String> topics) {
    var found = admin.describeTopics(topics).topicNameValues();
    for (String topic : topics) {
      requireTopic(topic, Objects.requireNonNull(found.get(topic)), client);
    }
  }

  private static Object servers(Properties client) {
    return client.getOrDefault("bootstrap.servers", "(no bootstrap.servers)");
  }

  private static void requireTopic(String topic, KafkaFuture<?> found, Properties client) {
    Throwable failure = failure(found);
    if (failure == null) {
      return;
    }
    if (failure instanceof UnknownTopicOrPartitionException) {
      throw new CameraException(
          "topic %s is missing at %s; run maskstream topics apply"
              .formatted(topic, servers(client)));
    }
    if (failure instanceof AuthorizationException || failure instanceof AuthenticationException) {
      throw new CameraException(
          "%s does not let us look at topic %s; look at --command-config and the ACLs"
              .formatted(servers(client), topic),
          failure);
    }
    throw new CameraException(
        "no Kafka broker answers at %s within %d s; is it up, and is -b right?"
            .formatted(servers(client), PATIENCE_SECONDS),
        failure);
  }

  /// The topic's own limit; who may not read the topic's configuration learns of it when a record
  /// is refused.
  private static int topicLimit(Admin admin, String topic) {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    try {
      Map<ConfigResource, Config> configs =
          admin.describeConfigs(List.of(resource)).all().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      Config config = configs.get(resource);
      ConfigEntry limit = config == null ? null : config.get("max.message.bytes");
      return limit == null ? Integer.MAX_VALUE : Integer.parseInt(limit.value());
    } catch (ExecutionException | TimeoutException e) {
      return Integer.MAX_VALUE;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Integer.MAX_VALUE;
    }
  }

  private static @Nullable Throwable failure(KafkaFuture<?> future) {
    try {
      future.get(PATIENCE_SECONDS + 1, TimeUnit.SECONDS);
      return null;
    } catch (ExecutionException e) {
      return e.getCause() == null ? e : e.getCause();
    } catch (TimeoutException e) {
      return e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return e;
    }
  }
}
