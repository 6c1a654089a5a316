package io.maskstream.camera;

import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// Publishes cameras to Kafka, each on a thread of its own, through one producer whose memory
/// bounds what waits for the brokers. Thread-safe; closed by whoever connected it.
public final class CameraPublisher implements AutoCloseable {

  private static final long BUFFER_BYTES = 64L << 20;

  /// How long a full buffer, or a broker that is away, holds a camera up.
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Producer<String, byte[]> producer;
  private final PublisherSettings settings;
  private final int largestRecord;
  private final Consumer<String> notices;
  private final Cancellation cancellation = new Cancellation();
  private final Map<String, Running> cameras = new LinkedHashMap<>();

  private record Running(CameraRun run, Thread thread) {}

  private CameraPublisher(
      Producer<String, byte[]> producer,
      PublisherSettings settings,
      int largestRecord,
      Consumer<String> notices) {
    this.producer = producer;
    this.settings = settings;
    this.largestRecord = largestRecord;
    this.notices = notices;
  }

  /// Connects to Kafka, and makes sure that the topics are there.
  ///
  /// @param client properties for any Kafka client
  /// @param notices takes sentences for a person, from any thread: what was left out, and why a
  ///   camera is tried again
  /// @throws CameraException if there is no broker, or a topic is missing
  public static CameraPublisher connect(
      Properties client, PublisherSettings settings, Consumer<String> notices) {
    try {
      int largestRecord = Brokers.largestRecord(client, settings);
      return new CameraPublisher(
          new KafkaProducer<>(
              properties(client, settings), new StringSerializer(), new ByteArraySerializer()),
          settings,
          largestRecord,
          notices);
    } catch (KafkaException e) {
      throw Brokers.unreachable(client, e);
    }
  }

  /// Begins to publish a camera.
  ///
  /// @throws IllegalArgumentException if it is published already
  public synchronized void start(String cameraId, CameraAddress address) {
    if (cameras.containsKey(cameraId)) {
      throw new IllegalArgumentException("camera is named twice: " + cameraId);
    }
    InstantSource clock = settings.source().clock();
    Meter meter = new Meter(cameraId, clock);
    FrameSender sender = new FrameSender(producer, settings, largestRecord, meter, notices);
    CameraRun run =
        new CameraRun(
            cameraId,
            address,
            settings,
            sender,
            meter,
            cancellation,
            new SplittableRandom(),
            notices);
    Thread thread = Thread.ofPlatform().name("camera-" + cameraId).daemon().start(run);
    cameras.put(cameraId, new Running(run, thread));
  }

  /// What was counted since the last reading, camera by camera.
  public synchronized List<CameraReading> read() {
    return cameras.values().stream().map(running -> running.run().read()).toList();
  }

  /// Waits until no camera is published any more, which only happens where all are played once, are
  /// stopped or have failed.
  ///
  /// @return whether that was so in time
  public boolean await(Duration patience) throws InterruptedException {
    long end = System.nanoTime() + patience.toNanos();
    for (Running running : running()) {
      long left = end - System.nanoTime();
      if (!running.thread().join(Duration.ofNanos(Math.max(1, left)))) {
        return false;
      }
    }
    return true;
  }

  /// Why cameras ended that did not end in peace.
  public List<String> failures() {
    return running().stream().flatMap(running -> running.run().failure().stream()).toList();
  }

  /// Tells all cameras to stop; each still sends the end of its session.
  public void stop() {
    cancellation.cancel();
  }

  /// Stops all cameras and sends what is left.
  @Override
  public void close() {
    stop();
    try {
      await(PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    producer.close(PATIENCE);
  }

  private synchronized List<Running> running() {
    return List.copyOf(cameras.values());
  }

  /// How access units are sent: each once, in order, and none left behind.
  ///
  /// One request at a time, because idempotence alone does not keep order where a partition has
  /// just been created: a broker that is not its leader yet refuses the first batch, has become it
  /// when the second arrives, takes that one (knowing no sequence yet), and from then on refuses
  /// the first until it is given up. That first access unit is a keyframe.
  public static Properties properties(Properties client, PublisherSettings settings) {
    Properties properties = new Properties();
    properties.putAll(client);
    properties.put("acks", "all");
    properties.put("enable.idempotence", "true");
    properties.put("max.in.flight.requests.per.connection", "1");
    properties.put("compression.type", "none");
    properties.put("linger.ms", "0");
    properties.put("max.request.size", Integer.toString(settings.maxRequestBytes()));
    properties.put("buffer.memory", Long.toString(BUFFER_BYTES));
    properties.put("max.block.ms", Long.toString(PATIENCE.toMillis()));
    return properties;
  }
}
