package io.maskstream.camera;

import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.AccessUnits;
import io.maskstream.wire.CameraStatus;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/// Sends one camera's access units in order. What Kafka does not take is left out up to the next
/// keyframe, since nothing between can be decoded; sequences then show the gap. One thread sends;
/// the producer's thread reports.
final class FrameSender {

  /// Kafka's own bytes around a record of one batch, generously.
  private static final int RECORD_OVERHEAD_BYTES = 160;

  private static final Duration BETWEEN_NOTICES = Duration.ofMinutes(1);

  private final Producer<String, byte[]> producer;
  private final PublisherSettings settings;
  private final int largestRecord;
  private final Meter meter;
  private final Consumer<String> notices;
  private final InstantSource clock;
  private volatile boolean waitingForKeyframe;
  private volatile @Nullable BrokerException failure;
  private volatile Instant nextNotice = Instant.MIN;

  /// @param notices takes sentences for a person, from any thread
  FrameSender(
      Producer<String, byte[]> producer,
      PublisherSettings settings,
      int largestRecord,
      Meter meter,
      Consumer<String> notices) {
    this.producer = producer;
    this.settings = settings;
    this.largestRecord = largestRecord;
    this.meter = meter;
    this.notices = notices;
    this.clock = settings.source().clock();
  }

  /// Hands an access unit to Kafka; waits while the producer's memory is full.
  ///
  /// @throws BrokerException if Kafka takes none any more
  void send(AccessUnit unit) {
    requireHealth();
    if (unit.keyframe() || unit.endOfSession()) {
      waitingForKeyframe = false;
    }
    if (waitingForKeyframe) {
      meter.dropped();
      return;
    }
    String camera = unit.identity().cameraId();
    byte[] value = AccessUnits.toBytes(unit);
    int bytes =
        value.length + camera.getBytes(StandardCharsets.UTF_8).length + RECORD_OVERHEAD_BYTES;
    if (bytes > largestRecord) {
      tooLarge(camera, bytes);
      return;
    }
    try {
      producer.send(
          new ProducerRecord<>(settings.framesTopic(), camera, value),
          (_, e) -> {
            if (e != null) {
              refused(camera, bytes, e);
            }
          });
      if (!unit.endOfSession()) {
        meter.published(unit);
      }
    } catch (KafkaException e) {
      refused(camera, bytes, e);
      requireHealth();
    }
  }

  /// Says what has become of the camera, if anyone is to know.
  void send(CameraStatus status) {
    settings
        .camerasTopic()
        .ifPresent(topic -> {
          try {
            producer.send(new ProducerRecord<>(topic, status.cameraId(), status.toBytes()));
          } catch (KafkaException e) {
            notice(
                "camera=%s status is not published: %s"
                    .formatted(status.cameraId(), e.getMessage()));
          }
        });
  }

  /// Waits until everything sent has arrived.
  ///
  /// @throws BrokerException if something has not
  void flush() {
    producer.flush();
    requireHealth();
  }

  private void requireHealth() {
    BrokerException seen = failure;
    if (seen != null) {
      throw seen;
    }
  }

  private void refused(String camera, int bytes, Exception e) {
    if (e instanceof RecordTooLargeException) {
      tooLarge(camera, bytes);
      return;
    }
    String said =
        "camera=%s topic=%s Kafka takes no access units: %s"
            .formatted(camera, settings.framesTopic(), e.getMessage());
    meter.dropped();
    waitingForKeyframe = true;
    // A broker may come back, and a camera goes on then; a file that is played once must arrive.
    if (e instanceof RetriableException && !settings.once()) {
      notice(said + "; going on at the next keyframe that it takes");
    } else {
      failure = new BrokerException(said, e);
    }
  }

  private void tooLarge(String camera, int bytes) {
    meter.dropped();
    waitingForKeyframe = true;
    notice(
        ("camera=%s access unit is too large for topic %s: bytes=%d limit=%d;"
                + " run maskstream topics apply to allow %d, or lower the camera's bit rate;"
                + " going on at the next keyframe")
            .formatted(
                camera, settings.framesTopic(), bytes, largestRecord, settings.maxRequestBytes()));
  }

  private void notice(String sentence) {
    Instant now = clock.instant();
    if (!now.isBefore(nextNotice)) {
      nextNotice = now.plus(BETWEEN_NOTICES);
      notices.accept(sentence);
    }
  }
}
