package io.maskstream.topology;

import io.maskstream.broker.LocalKafka;
import io.maskstream.camera.CameraPublisher;
import io.maskstream.camera.PublisherSettings;
import io.maskstream.inference.InferenceSettings;
import io.maskstream.inference.Provider;
import io.maskstream.release.Graphs;
import io.maskstream.release.ReleaseFile;
import io.maskstream.topics.Answer;
import io.maskstream.topics.AnswerReader;
import io.maskstream.topics.Cluster;
import io.maskstream.topics.ControlTopics;
import io.maskstream.topics.ModelAssigner;
import io.maskstream.topics.TopicTable;
import io.maskstream.video.Decoders;
import io.maskstream.video.Limits;
import io.maskstream.video.Size;
import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.AccessUnits;
import io.maskstream.wire.Mask;
import io.maskstream.wire.ModelHistory.Assignment;
import io.maskstream.wire.Release;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/// A broker with live cameras, small releases whose masks differ, and what was announced of them.
final class SwapRig implements AutoCloseable {

  static final Size SMALLER = new Size(80, 60);
  private static final int PARTITIONS = 4;
  private static final Duration WAIT = Duration.ofSeconds(60);

  final LocalKafka kafka = LocalKafka.start(PARTITIONS);
  final Map<String, List<Announced>> announced = new ConcurrentHashMap<>();
  private final Path folder;

  record Announced(Instant from, Release release) {}

  /// What a processor in this process stands on.
  record Running(SegmentationStream stream, ServedReleases releases) implements AutoCloseable {
    @Override
    public void close() {
      stream.close();
      releases.close();
    }
  }

  SwapRig(Path folder) {
    this.folder = folder;
  }

  /// The file of a release with as many classes as its version says, and two more.
  Path release(int version) throws IOException {
    Path file = folder.resolve("levels-" + version + ".onnx");
    return Files.exists(file) ? file : Files.write(file, levels(version).graph());
  }

  /// Every third is of one size only.
  static ReleaseFile levels(int version) {
    return Graphs.levels(version, 2 + version, version % 3 == 0 ? SMALLER : null);
  }

  Running start(String run, Topics topics) {
    return start(kafka.bootstrapServers(), run, topics, folder.resolve("state-" + run));
  }

  static Running start(String brokers, String run, Topics topics, Path state) {
    ReleaseFile first = levels(1);
    ControlTopics control = ControlTopics.STANDARD;
    ServedReleases releases =
        new ServedReleases(
            ModelControl.of(
                    control.models(),
                    control.modelStatus(),
                    control.shadow(),
                    control.shadowMasks())
                .withGroups(Map.of("camera-2", "doors"))
                .with(ModelControl.HOLD, Duration.ofSeconds(2)),
            first,
            OPENER.open(first, List.of()),
            PlainFiles.source(),
            OPENER);
    SegmentationStream stream =
        SegmentationStream.open(
            StreamSettings.of(brokers, run, state).withTopics(topics),
            new Decoders(Limits.STANDARD)::open,
            releases,
            StreamObserver.NONE);
    stream.start();
    return new Running(stream, releases);
  }

  private static final ReleaseOpener OPENER =
      new PlainOpener(
          new InferenceSettings(
              Provider.CPU, 1, false, 2, 4, Duration.ofMillis(2), Duration.ofSeconds(20)));

  /// The input of the live run, and outputs of their own.
  Topics outputs(String prefix) {
    Topics own = Topics.withPrefix(prefix);
    try (Cluster cluster = Cluster.connect(kafka.client())) {
      cluster.apply(TopicTable.of(own, ControlTopics.STANDARD, PARTITIONS, 1));
    }
    return new Topics(
        Topics.STANDARD.frames(),
        own.masks(),
        own.statistics(),
        own.windowStatistics(),
        own.deadLetters());
  }

  Assignment use(String scope, int version) throws IOException {
    ReleaseFile file = ReleaseFile.read(release(version));
    return assign(
        scope,
        assigner ->
            assigner.use(
                file.release(),
                release(version).toUri().toString(),
                file.inputSize().toFrameSize(),
                WAIT,
                ModelAssigner.MARGIN,
                _ -> {}));
  }

  /// The same, from a file that is gone before the processors look.
  Assignment useFrom(String scope, int version, Path file) throws IOException {
    ReleaseFile release = ReleaseFile.read(file);
    Files.delete(file);
    return assign(
        scope,
        assigner ->
            assigner.use(
                release.release(),
                file.toUri().toString(),
                release.inputSize().toFrameSize(),
                WAIT,
                ModelAssigner.MARGIN,
                _ -> {}));
  }

  Assignment rollback(String scope) throws IOException {
    return assign(scope, assigner -> assigner.rollback(WAIT, ModelAssigner.MARGIN, "", _ -> {}));
  }

  private interface Assigning {
    Assignment with(ModelAssigner assigner) throws IOException;
  }

  private Assignment assign(String scope, Assigning assigning) throws IOException {
    try (ModelAssigner assigner =
        ModelAssigner.open(kafka.client(), ControlTopics.STANDARD, scope)) {
      Assignment assigned = assigning.with(assigner);
      announced
          .computeIfAbsent(scope, _ -> new ArrayList<>())
          .add(new Announced(assigned.effectiveFrom(), assigned.release()));
      return assigned;
    }
  }

  /// The release that was announced for a frame, worked out from what the commands answered.
  Release expected(String cameraId, Instant captured) {
    List<String> narrowestFirst =
        cameraId.equals("camera-2")
            ? List.of("camera/camera-2", "group/doors", "all")
            : List.of("camera/" + cameraId, "all");
    for (String scope : narrowestFirst) {
      Release last = null;
      for (Announced each : announced.getOrDefault(scope, List.of())) {
        if (!captured.isBefore(each.from())) {
          last = each.release();
        }
      }
      if (last != null) {
        return last;
      }
    }
    return levels(1).release();
  }

  /// Live cameras that all begin now.
  static List<AccessUnit> cameras(int count, int gops) {
    SceneClip clip = SceneClip.read();
    Instant begin = Instant.now();
    List<List<AccessUnit>> cameras = new ArrayList<>();
    for (int camera = 0; camera < count; camera++) {
      cameras.add(clip.session("camera-" + camera, "only", camera, gops, begin));
    }
    List<AccessUnit> units = new ArrayList<>();
    for (int i = 0; i < cameras.getFirst().size(); i++) {
      for (List<AccessUnit> camera : cameras) {
        units.add(camera.get(i));
      }
    }
    return units;
  }

  /// Sends as cameras do, 25 pictures a second each.
  void send(List<AccessUnit> units, int cameras) throws InterruptedException {
    Properties client = kafka.client();
    long start = System.nanoTime();
    try (var producer =
        new KafkaProducer<>(
            CameraPublisher.properties(client, PublisherSettings.STANDARD),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < units.size(); i++) {
        long due = start + TimeUnit.MILLISECONDS.toNanos(40) / cameras * i;
        TimeUnit.NANOSECONDS.sleep(Math.max(0, due - System.nanoTime()));
        AccessUnit unit = units.get(i);
        producer.send(
            new ProducerRecord<>(
                Topics.STANDARD.frames(),
                unit.identity().cameraId().getBytes(StandardCharsets.UTF_8),
                AccessUnits.toBytes(unit)));
      }
    }
  }

  /// A committed mask, and when it was seen.
  record Seen(Mask mask, long nanos) {}

  /// Reads committed masks until there are so many.
  List<Seen> masks(Topics topics, int count, Duration patience, @Nullable Running processor) {
    List<Seen> seen = new ArrayList<>();
    long begin = System.nanoTime();
    try (AnswerReader reader =
        AnswerReader.open(
            kafka.client(),
            new AnswerReader.Of(topics.masks(), null, List.of()),
            new AnswerReader.From.Beginning())) {
      while (seen.size() < count) {
        reader.poll(
            Duration.ofMillis(50),
            answer -> seen.add(new Seen(((Answer.OfMask) answer).mask(), System.nanoTime())));
        if (processor != null && processor.stream().failure() != null) {
          throw new AssertionError("the stream failed", processor.stream().failure());
        }
        if (System.nanoTime() - begin > patience.toNanos()) {
          throw new AssertionError("after " + patience + " only " + seen.size() + " of " + count);
        }
      }
      reader.poll(
          Duration.ofMillis(500),
          answer -> seen.add(new Seen(((Answer.OfMask) answer).mask(), System.nanoTime())));
    }
    return seen;
  }

  @Override
  public void close() {
    kafka.close();
  }
}
