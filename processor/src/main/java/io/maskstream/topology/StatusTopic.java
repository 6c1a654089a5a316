package io.maskstream.topology;

import io.maskstream.wire.Mask;
import io.maskstream.wire.ModelStatus;
import io.maskstream.wire.ShadowReport;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says on the status topic what this processor has loaded: at every change, and again every few
/// seconds, by which others know that it lives. What candidates do goes out the same way, on topics
/// of their own. Has a thread and a producer of its own, so that neither a long load nor a slow
/// broker stands in anyone's way. Closed with the stream.
final class StatusTopic implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StatusTopic.class);
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(3);

  private final ServedReleases releases;
  private final String topic;

  /// Whether there are topics for what candidates do.
  private final boolean shadows;

  private final String instanceId;
  private final String host;
  private final KafkaProducer<byte[], byte[]> producer;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("model-status").factory());

  private StatusTopic(
      ServedReleases releases,
      String instanceId,
      boolean shadows,
      KafkaProducer<byte[], byte[]> producer) {
    this.releases = releases;
    this.shadows = shadows;
    this.topic = releases.control().status();
    this.instanceId = instanceId;
    this.producer = producer;
    this.host = hostName();
  }

  /// Begins to report.
  static StatusTopic open(StreamSettings settings, ServedReleases releases, String instanceId) {
    Map<String, Object> client = new HashMap<>(StreamsProperties.ofClient(settings));
    client.put("client.id", settings.applicationId() + "-model-status");
    client.put("linger.ms", 0);
    client.put("compression.type", "zstd");
    client.put("max.block.ms", 2000);
    client.put("request.timeout.ms", 4000);
    client.put("delivery.timeout.ms", 5000);
    StatusTopic status =
        new StatusTopic(
            releases,
            instanceId,
            TopicCheck.exist(
                settings, List.of(releases.control().shadow(), releases.control().shadowMasks())),
            new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer()));
    releases.onChange(status::reportSoon);
    if (status.shadows) {
      releases.shadows().onMask(status::send);
    }
    status.thread.scheduleWithFixedDelay(
        status::report, 0, ModelStatus.INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    return status;
  }

  private void reportSoon() {
    try {
      thread.execute(this::report);
    } catch (RejectedExecutionException e) {
      LOG.debug("the processor stops; nothing more is reported", e);
    }
  }

  private void report() {
    try {
      ModelStatus status = new ModelStatus(instanceId, host, Instant.now(), releases.status());
      send(topic, instanceId, status.toBytes());
      if (shadows) {
        for (ShadowReport report : releases.shadows().reports(instanceId)) {
          send(releases.control().shadow(), report.scope(), report.toBytes());
        }
      }
    } catch (RuntimeException e) {
      LOG.warn("what is loaded cannot be reported: topic={}: {}", topic, e.getMessage());
    }
  }

  private void send(Mask mask) {
    send(releases.control().shadowMasks(), mask.identity().cameraId(), mask.toBytes());
  }

  private void send(String to, String key, byte @Nullable [] value) {
    producer.send(
        new ProducerRecord<byte[], byte[]>(to, key.getBytes(StandardCharsets.UTF_8), value),
        (_, failure) -> {
          if (failure != null) {
            LOG.warn("what is loaded cannot be reported: topic={}: {}", to, failure.toString());
          }
        });
  }

  /// Takes the report back.
  @Override
  public void close() {
    releases.onChange(() -> {});
    releases.shadows().onMask(_ -> {});
    thread.shutdown();
    try {
      if (!thread.awaitTermination(CLOSE_PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        LOG.debug("the last report is still under way");
      }
      send(topic, instanceId, null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (KafkaException e) {
      LOG.warn("the report cannot be taken back: topic={}: {}", topic, e.getMessage());
    }
    producer.close(CLOSE_PATIENCE);
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "";
    }
  }
}
