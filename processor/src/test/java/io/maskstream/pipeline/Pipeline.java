package io.maskstream.pipeline;

import io.maskstream.broker.EmbeddedBroker;
import io.maskstream.camera.CameraAddress;
import io.maskstream.camera.CameraSource;
import io.maskstream.camera.SourceSettings;
import io.maskstream.inference.InferenceObserver;
import io.maskstream.inference.InferenceSettings;
import io.maskstream.inference.OnnxSegmenter;
import io.maskstream.inference.Provider;
import io.maskstream.inference.Segmenter;
import io.maskstream.release.ReleaseFile;
import io.maskstream.topology.SegmentationStream;
import io.maskstream.topology.StreamObserver;
import io.maskstream.topology.StreamSettings;
import io.maskstream.topology.Topics;
import io.maskstream.video.Decoders;
import io.maskstream.video.Limits;
import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.AccessUnits;
import io.maskstream.wire.DeadLetter;
import io.maskstream.wire.FrameStatistics;
import io.maskstream.wire.Mask;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// The whole of Maskstream in this process: a broker, a publisher, the processor, and a reader of
/// what is committed. Nothing in it is a stand-in.
final class Pipeline implements AutoCloseable {

  private static final int PARTITIONS = 4;

  private final EmbeddedBroker broker;
  private final Segmenter segmenter;
  private final SegmentationStream stream;
  private final KafkaProducer<byte[], byte[]> producer;
  private final KafkaConsumer<byte[], byte[]> consumer;

  final List<Mask> masks = new ArrayList<>();
  final List<FrameStatistics> statistics = new ArrayList<>();
  final List<DeadLetter> deadLetters = new ArrayList<>();

  Pipeline(Path folder, ReleaseFile release, Limits limits)
      throws ExecutionException, InterruptedException {
    this(folder, release, limits, itself -> itself);
  }

  /// @param around what stands before the network
  Pipeline(Path folder, ReleaseFile release, Limits limits, UnaryOperator<Segmenter> around)
      throws ExecutionException, InterruptedException {
    broker = EmbeddedBroker.start(folder.resolve("broker"), 0);
    Map<String, Object> client = Map.of("bootstrap.servers", broker.bootstrapServers());
    Topics topics = Topics.STANDARD;
    try (Admin admin = Admin.create(client)) {
      admin
          .createTopics(
              topics.all().stream()
                  .map(topic -> new NewTopic(topic, PARTITIONS, (short) 1))
                  .map(topic -> topic.configs(Map.of("max.message.bytes", "8388608")))
                  .toList())
          .all()
          .get();
    }
    segmenter =
        around.apply(
            OnnxSegmenter.open(
                release,
                InferenceSettings.standard()
                    .withProvider(Provider.CPU)
                    .withBatch(2, Duration.ofMillis(2)),
                InferenceObserver.NONE));
    Decoders decoders = new Decoders(limits);
    stream =
        SegmentationStream.open(
            StreamSettings.of(broker.bootstrapServers(), "maskstream", folder.resolve("state")),
            decoders::open,
            segmenter,
            StreamObserver.NONE);
    producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "max.in.flight.requests.per.connection",
                1,
                "max.request.size",
                9 << 20,
                "buffer.memory",
                64 << 20),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                broker.bootstrapServers(),
                "isolation.level",
                "read_committed",
                "auto.offset.reset",
                "earliest"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> outputs = new ArrayList<>();
    for (String topic : List.of(topics.masks(), topics.statistics(), topics.deadLetters())) {
      for (int partition = 0; partition < PARTITIONS; partition++) {
        outputs.add(new TopicPartition(topic, partition));
      }
    }
    consumer.assign(outputs);
    consumer.seekToBeginning(outputs);
    stream.start();
  }

  String bootstrapServers() {
    return broker.bootstrapServers();
  }

  /// Publishes a clip as a camera, with the end of its session; returns its access units.
  List<AccessUnit> publish(String cameraId, Path clip) {
    List<AccessUnit> units = new ArrayList<>();
    try (CameraSource source =
        CameraSource.open(cameraId, CameraAddress.of(clip.toString()), SourceSettings.STANDARD)) {
      for (var unit = source.next(); unit.isPresent(); unit = source.next()) {
        units.add(unit.get());
        send(unit.get());
      }
      send(source.endOfSession());
    }
    producer.flush();
    return units;
  }

  void send(AccessUnit unit) {
    sendRaw(unit.identity().cameraId().getBytes(), AccessUnits.toBytes(unit));
  }

  void sendRaw(byte[] key, byte[] value) {
    producer.send(new ProducerRecord<>(Topics.STANDARD.frames(), key, value));
  }

  /// Reads committed answers until it is enough.
  ///
  /// @throws AssertionError if the stream fails, or the time is over
  void readUntil(BooleanSupplier enough, Duration limit) {
    Instant end = Instant.now().plus(limit);
    while (!enough.getAsBoolean()) {
      if (stream.failure() != null) {
        throw new AssertionError("the stream failed", stream.failure());
      }
      if (Instant.now().isAfter(end)) {
        throw new AssertionError(
            "after "
                + limit
                + " there are only masks and markers="
                + masks.size()
                + " statistics="
                + statistics.size()
                + " dead letters="
                + deadLetters.size());
      }
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
        if (record.topic().equals(Topics.STANDARD.masks())) {
          masks.add(Mask.parse(record.value()));
        } else if (record.topic().equals(Topics.STANDARD.statistics())) {
          statistics.add(FrameStatistics.parse(record.value()));
        } else {
          deadLetters.add(DeadLetter.parse(record.value()));
        }
      }
    }
  }

  @Override
  public void close() {
    stream.close();
    segmenter.close();
    producer.close();
    consumer.close();
    broker.close();
  }
}
