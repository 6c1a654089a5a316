package io.maskstream.topology;

import io.maskstream.inference.Segmenter;
import io.maskstream.video.Size;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The processor: reads access units, answers every one with a mask or a marker, exactly once.
///
/// Any number of processors with one application id share the partitions of the frames topic; on
/// one host they differ by their state folder. The segmenter belongs to whoever opened the stream,
/// and is closed after it. Thread-safe.
public final class SegmentationStream implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SegmentationStream.class);

  /// Client ids of the consumers that read frames; those that restore stores poll only then.
  private static final Pattern MAIN_CONSUMER = Pattern.compile(".*-StreamThread-\\d+-consumer");

  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(30);

  /// Where the stream stands.
  public enum State {
    /// Not started.
    CREATED,
    /// Being given partitions, or rebuilding what it knows of them.
    STARTING,
    /// Reading.
    RUNNING,
    /// Closed without a failure.
    STOPPED,
    /// Broken down; [#failure] says why.
    FAILED
  }

  private final StreamSettings settings;
  private final KafkaStreams streams;
  private final MaskLimit maskLimit;
  private final String instanceId;
  private final @Nullable ServedReleases swapped;
  private volatile @Nullable StatusTopic status;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  private SegmentationStream(
      StreamSettings settings,
      Properties properties,
      KafkaStreams streams,
      MaskLimit maskLimit,
      @Nullable ServedReleases swapped) {
    this.settings = settings;
    this.instanceId = properties.getProperty("consumer.group.instance.id");
    this.streams = streams;
    this.maskLimit = maskLimit;
    this.swapped = swapped;
  }

  /// The topics that hold the stream's own state, which it creates.
  public static List<String> changelogs(String applicationId) {
    return Stream.of(ProgressStore.NAME, WindowProcessor.STORE)
        .map(store -> applicationId + "-" + store + "-changelog")
        .toList();
  }

  /// Sets a stream up that serves one release.
  ///
  /// @throws StreamException if the state folder is another processor's
  public static SegmentationStream open(
      StreamSettings settings,
      DecoderFactory decoders,
      Segmenter segmenter,
      StreamObserver observer) {
    return open(settings, decoders, Releases.only(segmenter), segmenter, null, observer);
  }

  /// Sets a stream up that serves what the models topic assigns; without that topic, the release of
  /// the configuration. It does nothing until it is started.
  ///
  /// @throws StreamException if the state folder is another processor's
  public static SegmentationStream open(
      StreamSettings settings,
      DecoderFactory decoders,
      ServedReleases releases,
      StreamObserver observer) {
    ModelControl control = releases.control();
    boolean there = TopicCheck.exist(settings, List.of(control.models(), control.status()));
    if (!there) {
      LOG.info(
          "no topics {} and {}: the release of the configuration serves until the end; create them"
              + " with `maskstream topics apply` to swap releases",
          control.models(),
          control.status());
    }
    return open(
        settings, decoders, releases, releases.configured(), there ? releases : null, observer);
  }

  private static SegmentationStream open(
      StreamSettings settings,
      DecoderFactory decoders,
      Releases releases,
      Segmenter first,
      @Nullable ServedReleases swapped,
      StreamObserver observer) {
    Properties properties = StreamsProperties.of(settings);
    StreamParts parts =
        new StreamParts(
            settings,
            decoders,
            releases,
            partition -> frameLog(settings, properties, partition),
            observer);
    settings
        .cameraSizes()
        .forEach((cameraId, size) -> warnOfAnother(cameraId, size, first.grid().fit(size)));
    Topology topology =
        swapped == null
            ? SegmentationTopology.build(parts)
            : SegmentationTopology.build(parts, swapped);
    KafkaStreams streams;
    try {
      streams = new KafkaStreams(topology, properties);
    } catch (StreamsException e) {
      throw new StreamException(
          "the stream cannot be set up; if another processor uses the same folder, give each its"
              + " own with -X state.dir=...: state.dir="
              + settings.stateDir(),
          e);
    }
    SegmentationStream stream =
        new SegmentationStream(settings, properties, streams, parts.maskLimit(), swapped);
    streams.setStateListener((now, _) -> stream.changed(now));
    streams.setUncaughtExceptionHandler(cause -> {
      LOG.error("the stream fails: application={}", settings.applicationId(), cause);
      stream.failure.compareAndSet(null, cause);
      return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    });
    return stream;
  }

  /// Looks for brokers and topics, then starts reading. Returns before the first partition is
  /// there.
  ///
  /// @throws StreamException within ten seconds, if no broker answers or a topic is missing
  public void start() {
    maskLimit.fit(TopicCheck.run(settings));
    if (swapped != null) {
      status = StatusTopic.open(settings, swapped, instanceId);
    }
    streams.start();
  }

  public State state() {
    return switch (streams.state()) {
      case CREATED -> State.CREATED;
      case REBALANCING -> State.STARTING;
      case RUNNING -> State.RUNNING;
      case PENDING_SHUTDOWN, NOT_RUNNING -> failure.get() == null ? State.STOPPED : State.FAILED;
      case PENDING_ERROR, ERROR -> State.FAILED;
    };
  }

  /// What the stream has broken down with; null if nothing.
  public @Nullable Throwable failure() {
    return failure.get();
  }

  /// Time since the slowest stream thread has asked for records; one that is stuck asks no more.
  /// Whole seconds; zero before the first time.
  public Duration sincePoll() {
    double seconds =
        streams.metrics().values().stream()
            .filter(metric -> metric.metricName().name().equals("last-poll-seconds-ago"))
            .filter(metric -> MAIN_CONSUMER.matcher(client(metric)).matches())
            .mapToDouble(metric -> (double) metric.metricValue())
            .max()
            .orElse(0);
    return Duration.ofSeconds((long) Math.max(0, seconds));
  }

  /// Stream threads that have died.
  public int deadThreads() {
    return settings.threads() - streams.metadataForLocalThreads().size();
  }

  /// Waits until the stream is closed or broken down.
  public State awaitTermination() throws InterruptedException {
    ended.await();
    return state();
  }

  /// Kafka Streams' own metrics and those of its clients.
  public Map<MetricName, Metric> metrics() {
    return new HashMap<>(streams.metrics());
  }

  /// Commits what has been answered and leaves the group, so that others take over at once. What is
  /// in flight is given up here and answered there.
  @Override
  public void close() {
    boolean closed =
        streams.close(
            CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                .withTimeout(CLOSE_PATIENCE));
    if (!closed) {
      LOG.warn("the stream has not stopped within {} s", CLOSE_PATIENCE.toSeconds());
    }
    StatusTopic reporting = status;
    if (reporting != null) {
      reporting.close();
    }
    ended.countDown();
  }

  private void changed(KafkaStreams.State now) {
    if (now == KafkaStreams.State.ERROR || now == KafkaStreams.State.NOT_RUNNING) {
      ended.countDown();
    }
  }

  private static String client(Metric metric) {
    return metric.metricName().tags().getOrDefault("client-id", "");
  }

  private static void warnOfAnother(String cameraId, Size wanted, Size taken) {
    if (!taken.equals(wanted)) {
      LOG.warn(
          "the release does not take camera.{}.size={}; the camera's frames are {}",
          cameraId,
          wanted,
          taken);
    }
  }

  private static FrameLog frameLog(StreamSettings settings, Properties properties, int partition) {
    Map<String, Object> consumer =
        new StreamsConfig(properties)
            .getRestoreConsumerConfigs(settings.applicationId() + "-frame-log-" + partition);
    consumer.put("group.id", settings.applicationId());
    consumer.put("allow.auto.create.topics", false);
    consumer.put("enable.auto.commit", false);
    consumer.put("max.partition.fetch.bytes", 8 << 20);
    consumer.put("fetch.max.wait.ms", 20);
    consumer.put("max.poll.records", 500);
    return new KafkaFrameLog(consumer, new TopicPartition(settings.topics().frames(), partition));
  }
}
