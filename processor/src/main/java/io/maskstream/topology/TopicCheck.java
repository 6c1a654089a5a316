package io.maskstream.topology;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks for brokers and topics before the stream starts. Kafka Streams itself waits a minute or
/// more for them, and then says less.
final class TopicCheck {

  private static final Logger LOG = LoggerFactory.getLogger(TopicCheck.class);
  private static final Duration PATIENCE = Duration.ofSeconds(6);

  private TopicCheck() {}

  /// @return bytes of the largest record that the masks topic takes
  /// @throws StreamException if no broker answers, or a topic is missing
  static int run(StreamSettings settings) {
    try (Admin admin = Admin.create(hasty(settings))) {
      requireTopics(admin, settings.topics().all());
      return largestRecord(admin, settings.topics().masks());
    } catch (TimeoutException | org.apache.kafka.common.errors.TimeoutException e) {
      throw unreachable(settings, e);
    } catch (KafkaException e) {
      throw unaskable(settings, e);
    }
  }

  /// Whether all of these topics are there, and we may know it.
  ///
  /// @throws StreamException if no broker answers
  static boolean exist(StreamSettings settings, List<String> names) {
    try (Admin admin = Admin.create(hasty(settings))) {
      return missing(admin, names).isEmpty();
    } catch (AuthorizationException e) {
      LOG.warn("topics may not be looked at: {}: {}", names, e.getMessage());
      return false;
    } catch (TimeoutException | org.apache.kafka.common.errors.TimeoutException e) {
      throw unreachable(settings, e);
    } catch (KafkaException e) {
      throw unaskable(settings, e);
    }
  }

  private static Map<String, Object> hasty(StreamSettings settings) {
    Map<String, Object> client = new HashMap<>(StreamsProperties.ofClient(settings));
    client.put("request.timeout.ms", (int) PATIENCE.toMillis());
    client.put("default.api.timeout.ms", (int) PATIENCE.toMillis());
    return client;
  }

  private static void requireTopics(Admin admin, List<String> names) throws TimeoutException {
    List<String> missing = missing(admin, names);
    if (!missing.isEmpty()) {
      throw new StreamException(
          "topics are missing: "
              + String.join(", ", missing)
              + "; create them with `maskstream topics apply`");
    }
  }

  private static List<String> missing(Admin admin, List<String> names) throws TimeoutException {
    List<String> missing = new ArrayList<>();
    for (Map.Entry<String, KafkaFuture<TopicDescription>> topic :
        admin.describeTopics(names).topicNameValues().entrySet()) {
      String name = topic.getKey();
      try {
        TopicDescription _ =
            topic.getValue().get(PATIENCE.toMillis() + 1000, TimeUnit.MILLISECONDS);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof UnknownTopicOrPartitionException) {
          missing.add(name);
        } else if (e.getCause() instanceof KafkaException cause) {
          throw cause;
        } else {
          throw new StreamException("topic cannot be described: topic=" + name, e);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new StreamException("interrupted while looking for topics", e);
      }
    }
    return missing;
  }

  /// Whoever may not ask must have set mask.max.bytes by himself.
  private static int largestRecord(Admin admin, String topic) throws TimeoutException {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    try {
      Config config =
          admin
              .describeConfigs(List.of(resource))
              .all()
              .get(PATIENCE.toMillis() + 1000, TimeUnit.MILLISECONDS)
              .get(resource);
      ConfigEntry limit = config == null ? null : config.get("max.message.bytes");
      return limit == null ? Integer.MAX_VALUE : Integer.parseInt(limit.value());
    } catch (ExecutionException e) {
      LOG.warn("the limit of topic {} cannot be asked for: {}", topic, e.getMessage());
      return Integer.MAX_VALUE;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StreamException("interrupted while looking for topics", e);
    }
  }

  private static StreamException unreachable(StreamSettings settings, Exception cause) {
    return new StreamException(
        "no broker answers within "
            + PATIENCE.toSeconds()
            + " s: bootstrap.servers="
            + settings.bootstrapServers()
            + "; check the address, and whether Kafka runs there",
        cause);
  }

  private static StreamException unaskable(StreamSettings settings, KafkaException cause) {
    return new StreamException(
        "the brokers cannot be asked: bootstrap.servers="
            + settings.bootstrapServers()
            + ": "
            + reason(cause),
        cause);
  }

  private static String reason(KafkaException e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null ? root.toString() : root.getMessage();
  }
}
