package io.maskstream.service;

import static io.maskstream.wire.ModelStatus.State.REFUSED;

import io.maskstream.config.ProcessorConfig;
import io.maskstream.inference.OnnxSegmenter;
import io.maskstream.metrics.Health;
import io.maskstream.metrics.Metrics;
import io.maskstream.metrics.MetricsServer;
import io.maskstream.release.ReleaseFile;
import io.maskstream.topics.AccessCheck;
import io.maskstream.topics.AclTable;
import io.maskstream.topology.SegmentationStream;
import io.maskstream.topology.ServedReleases;
import io.maskstream.topology.StreamException;
import io.maskstream.topology.StreamObserver;
import io.maskstream.video.Decoders;
import io.maskstream.view.AccessToken;
import io.maskstream.view.Viewer;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.AuthorizationException;
import org.jspecify.annotations.Nullable;

/// The running processor: a release on its provider, decoders, the stream, and the HTTP server that
/// tells how they are. Thread-safe; closed by whoever opened it.
public final class Processor implements AutoCloseable {

  /// Longer than any micro-batch that is well.
  private static final Duration STUCK = Duration.ofSeconds(20);

  /// After this long the group has given the partitions away (max.poll.interval.ms).
  private static final Duration LOST = Duration.ofMinutes(5);

  private final ProcessorConfig config;
  private final Metrics metrics;
  private final ReleaseFile release;
  private final OnnxSegmenter segmenter;
  private final Probation probation;
  private final ServedReleases releases;
  private final SegmentationStream stream;
  private final MetricsServer server;
  private final @Nullable Viewer viewer;

  private Processor(
      ProcessorConfig config,
      Metrics metrics,
      ReleaseFile release,
      OnnxSegmenter segmenter,
      Probation probation,
      ServedReleases releases,
      SegmentationStream stream,
      MetricsServer server,
      @Nullable Viewer viewer) {
    this.config = config;
    this.metrics = metrics;
    this.release = release;
    this.segmenter = segmenter;
    this.probation = probation;
    this.releases = releases;
    this.stream = stream;
    this.server = server;
    this.viewer = viewer;
  }

  /// Opens everything with the release of the configuration, after what assigned ones go through:
  /// store, gate and proof.
  ///
  /// @param model where it lies
  /// @throws io.maskstream.release.ReleaseException if it may not be served, saying why
  public static Processor open(ProcessorConfig config, URI model, StreamObserver observer) {
    return opened(
        config,
        CheckedReleases.configured(config.store(), config.proof(), model, config.modelDigest()),
        observer);
  }

  /// Opens everything with a release that the program brings along, after the gate; nothing is read
  /// from Kafka yet. On a failure nothing stays open.
  ///
  /// @param observer is told beside the metrics what the stream does
  /// @throws io.maskstream.release.ReleaseException if it may not be served, saying why
  /// @throws io.maskstream.inference.InferenceException if the provider is not there, or the graph
  ///   does not run
  /// @throws io.maskstream.topics.TopicException if the brokers do not allow what it needs, or none
  ///   answers
  /// @throws IllegalStateException if the HTTP server cannot listen
  public static Processor open(
      ProcessorConfig config, ReleaseFile release, StreamObserver observer) {
    CheckedReleases.check(release);
    return opened(config, release, observer);
  }

  /// Golden frames are run here, when the release is loaded.
  private static Processor opened(
      ProcessorConfig config, ReleaseFile release, StreamObserver observer) {
    requireAccess(config);
    Metrics metrics = new Metrics(config.metricCameras());
    Probation probation =
        new Probation(
            config.kafkaClient(), config.controlTopics(), config.modelControl().watch(), metrics);
    Sessions sessions =
        new Sessions(config.inference(), metrics, new InferenceObservers(metrics, probation));
    OnnxSegmenter segmenter = sessions.open(release, List.of());
    CheckedReleases checked = new CheckedReleases(config.store(), config.proof());
    ServedReleases releases =
        new ServedReleases(config.modelControl(), release, segmenter, checked, sessions);
    try {
      Decoders decoders = new Decoders(config.video());
      SegmentationStream stream =
          SegmentationStream.open(
              config.stream(),
              decoders::open,
              releases,
              new Observers(List.of(metrics, probation, observer)));
      try {
        metrics.watch(stream::metrics);
        metrics.watchReleases(
            () -> releases.status().stream().filter(each -> each.state() == REFUSED).count());
        Viewer viewer = config.httpViewer() ? viewer(config) : null;
        MetricsServer server = listen(config, metrics, () -> health(stream, releases), viewer);
        probation.start(releases, release.release());
        return new Processor(
            config, metrics, release, segmenter, probation, releases, stream, server, viewer);
      } catch (RuntimeException e) {
        stream.close();
        throw e;
      }
    } catch (RuntimeException e) {
      probation.close();
      releases.close();
      throw e;
    }
  }

  private static Viewer viewer(ProcessorConfig config) {
    return new Viewer(
        config.kafkaClient(),
        config.stream().topics(),
        config.controlTopics(),
        config.video(),
        config.httpToken().map(token -> AccessToken.of(token.value())));
  }

  private static MetricsServer listen(
      ProcessorConfig config, Metrics metrics, Supplier<Health> health, @Nullable Viewer viewer) {
    String host = config.httpListen().host();
    int port = config.httpListen().port();
    return viewer == null
        ? MetricsServer.open(host, port, metrics, health)
        : MetricsServer.open(host, port, metrics, health, viewer);
  }

  /// Looks for brokers and topics, then starts reading.
  ///
  /// @throws StreamException within ten seconds, if no broker answers or a topic is missing
  public void start() {
    stream.start();
  }

  /// After a failure: whether the brokers have refused something.
  ///
  /// @throws io.maskstream.topics.TopicException if so, with what they should allow
  public void requireAccess() {
    for (Throwable cause = failure(); cause != null; cause = cause.getCause()) {
      if (cause instanceof AuthorizationException) {
        requireAccess(config);
      }
    }
  }

  private static void requireAccess(ProcessorConfig config) {
    AccessCheck.require(
        config.kafkaClient(),
        new AclTable(
            config.stream().topics(), config.controlTopics(), config.stream().applicationId()),
        AclTable.Role.PROCESSOR);
  }

  /// Where the viewer, metrics and health are served, such as `http://127.0.0.1:8080`.
  public String address() {
    return server.address();
  }

  public ProcessorConfig config() {
    return config;
  }

  /// The release that the configuration names, or the program has brought along.
  public ReleaseFile release() {
    return release;
  }

  /// The segmenter of the release that the configuration names; closed when another has taken over
  /// for every camera.
  public OnnxSegmenter segmenter() {
    return segmenter;
  }

  /// All metrics in Prometheus' text format.
  public String scrape() {
    return metrics.scrape();
  }

  public SegmentationStream.State state() {
    return stream.state();
  }

  /// What the stream has broken down with; null if nothing.
  public @Nullable Throwable failure() {
    return stream.failure();
  }

  /// Waits until the stream is closed or broken down.
  public SegmentationStream.State awaitTermination() throws InterruptedException {
    return stream.awaitTermination();
  }

  /// Closes the stream first, whose frames in flight others answer, then what it stood on; the
  /// health is told until the last.
  @Override
  public void close() {
    probation.close();
    stream.close();
    releases.close();
    if (viewer != null) {
      viewer.close();
    }
    server.close();
  }

  private static Health health(SegmentationStream stream, ServedReleases releases) {
    return health(
        stream.state(),
        stream.failure(),
        stream.deadThreads(),
        stream.sincePoll(),
        releases.lacking());
  }

  /// A state alone does not tell: a thread that hangs in a decoder or a network is "running".
  static Health health(
      SegmentationStream.State state,
      @Nullable Throwable failure,
      int deadThreads,
      Duration sincePoll,
      List<String> lacking) {
    return switch (state) {
      case CREATED -> new Health(true, false, "not started");
      case STOPPED -> new Health(true, false, "stopped");
      case FAILED -> new Health(false, false, "failed: " + reason(failure));
      case STARTING, RUNNING -> {
        if (deadThreads > 0) {
          yield new Health(false, false, "stream threads have died: " + deadThreads);
        }
        if (sincePoll.compareTo(STUCK) >= 0) {
          yield new Health(
              sincePoll.compareTo(LOST) < 0,
              false,
              "a stream thread is stuck: it asked for records " + sincePoll.toSeconds() + " s ago");
        }
        if (state == SegmentationStream.State.STARTING) {
          yield new Health(true, false, "partitions are being handed out");
        }
        yield lacking.isEmpty()
            ? new Health(true, true, "running")
            : new Health(
                true, false, String.join(", ", lacking) + "; `maskstream model status` says more");
      }
    };
  }

  /// The kind of failure only: messages may hold what should not leave the host.
  private static String reason(@Nullable Throwable failure) {
    return failure == null ? "see the log" : failure.getClass().getSimpleName() + ", see the log";
  }
}
