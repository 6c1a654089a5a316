package io.maskstream.topology;

import io.maskstream.video.Size;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/// Everything that the stream is set up with.
///
/// @param bootstrapServers brokers, `host:port` separated by commas
/// @param applicationId names the group, the internal topics and the transactions; equal for all
///   processors that share the work
/// @param stateDir folder of this processor alone; kept over restarts, so that a restarted
///   processor ends its own broken transactions at once
/// @param topics input and outputs
/// @param threads stream threads; each has a consumer, a producer and its share of the partitions
/// @param inFlight frames that one partition may have in the segmenter before it waits
/// @param maskEncoding how the pixels of a mask are written
/// @param limits how large records may be
/// @param cameraSizes frame sizes of cameras that have one of their own, by camera id
/// @param timing when a camera is idle, forgotten, and its windows final
/// @param transactionTimeout after which the broker gives up a crashed processor's transaction;
///   readers of committed masks wait that long when its host is lost
/// @param clientProperties of the user: `kafka.` for every client, `streams.`, `producer.`,
///   `consumer.`; they win over what the stream sets itself
public record StreamSettings(
    String bootstrapServers,
    String applicationId,
    Path stateDir,
    Topics topics,
    int threads,
    int inFlight,
    MaskEncoding maskEncoding,
    RecordLimits limits,
    Map<String, Size> cameraSizes,
    Timing timing,
    Duration transactionTimeout,
    Map<String, String> clientProperties) {

  /// How the pixels of a mask are written.
  public enum MaskEncoding {
    RUN_LENGTHS,
    PNG
  }

  /// What is read and what is written have limits of their own: they are topics of their own.
  ///
  /// @param inputBytes of a record with its access unit; a larger one becomes a dead letter
  /// @param maskBytes of a mask; a larger one becomes a marker
  public record RecordLimits(int inputBytes, int maskBytes) {

    /// What a record has beside its mask: key, headers, the batch around it.
    static final int ROOM = 64 << 10;

    /// For topics that take 8 MiB.
    public static final RecordLimits STANDARD = new RecordLimits(8 << 20, (8 << 20) - ROOM);

    public RecordLimits {
      if (inputBytes < 1024 || maskBytes < 1024) {
        throw new IllegalArgumentException(
            "records must be allowed 1024 bytes at least: input="
                + inputBytes
                + " mask="
                + maskBytes);
      }
    }
  }

  /// @param idle silence after which a camera's last pictures are fetched out of its decoder
  /// @param forget silence after which nothing is kept of a camera
  /// @param windowGrace capture time by which a window stays open after its end
  public record Timing(Duration idle, Duration forget, Duration windowGrace) {

    public static final Timing STANDARD =
        new Timing(Duration.ofSeconds(10), Duration.ofHours(24), Duration.ofSeconds(10));

    static final Duration WINDOW = Duration.ofMinutes(1);

    /// Silence after which a camera's windows are final.
    Duration silence() {
      Duration window = WINDOW.plus(windowGrace);
      return window.compareTo(idle) > 0 ? window : idle;
    }

    public Timing {
      if (!idle.isPositive() || forget.compareTo(idle) < 0 || windowGrace.isNegative()) {
        throw new IllegalArgumentException(
            "timing wants 0 < idle <= forget and 0 <= window grace: idle="
                + idle
                + " forget="
                + forget
                + " grace="
                + windowGrace);
      }
    }
  }

  public StreamSettings {
    clientProperties = Map.copyOf(clientProperties);
    cameraSizes = Map.copyOf(cameraSizes);
    if (bootstrapServers.isBlank()) {
      throw new IllegalArgumentException("bootstrap.servers is empty");
    }
    if (!applicationId.matches("[A-Za-z0-9._-]+")) {
      throw new IllegalArgumentException(
          "application id wants letters, digits, '.', '_' and '-' only: " + applicationId);
    }
    if (threads < 1 || inFlight < 1) {
      throw new IllegalArgumentException(
          "threads and frames in flight must be at least 1: threads="
              + threads
              + " inFlight="
              + inFlight);
    }
    if (transactionTimeout.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException(
          "the transaction timeout must be at least 1 s: " + transactionTimeout);
    }
  }

  /// The usual settings.
  public static StreamSettings of(String bootstrapServers, String applicationId, Path stateDir) {
    return new StreamSettings(
        bootstrapServers,
        applicationId,
        stateDir,
        Topics.STANDARD,
        1,
        32,
        MaskEncoding.RUN_LENGTHS,
        RecordLimits.STANDARD,
        Map.of(),
        Timing.STANDARD,
        Duration.ofSeconds(60),
        Map.of());
  }

  public StreamSettings withTopics(Topics changed) {
    return new StreamSettings(
        bootstrapServers,
        applicationId,
        stateDir,
        changed,
        threads,
        inFlight,
        maskEncoding,
        limits,
        cameraSizes,
        timing,
        transactionTimeout,
        clientProperties);
  }

  public StreamSettings withThreads(int changed) {
    return new StreamSettings(
        bootstrapServers,
        applicationId,
        stateDir,
        topics,
        changed,
        inFlight,
        maskEncoding,
        limits,
        cameraSizes,
        timing,
        transactionTimeout,
        clientProperties);
  }

  public StreamSettings withInFlight(int changed) {
    return new StreamSettings(
        bootstrapServers,
        applicationId,
        stateDir,
        topics,
        threads,
        changed,
        maskEncoding,
        limits,
        cameraSizes,
        timing,
        transactionTimeout,
        clientProperties);
  }

  public StreamSettings withMaskEncoding(MaskEncoding changed) {
    return new StreamSettings(
        bootstrapServers,
        applicationId,
        stateDir,
        topics,
        threads,
        inFlight,
        changed,
        limits,
        cameraSizes,
        timing,
        transactionTimeout,
        clientProperties);
  }

  public StreamSettings withLimits(RecordLimits changed) {
    return new StreamSettings(
        bootstrapServers,
        applicationId,
        stateDir,
        topics,
        threads,
        inFlight,
        maskEncoding,
        changed,
        cameraSizes,
        timing,
        transactionTimeout,
        clientProperties);
  }

  public StreamSettings withCameraSizes(Map<String, Size> changed) {
    return new StreamSettings(
        bootstrapServers,
        applicationId,
        stateDir,
        topics,
        threads,
        inFlight,
        maskEncoding,
        limits,
        changed,
        timing,
        transactionTimeout,
        clientProperties);
  }

  public StreamSettings withTiming(Timing changed) {
    return new StreamSettings(
        bootstrapServers,
        applicationId,
        stateDir,
        topics,
        threads,
        inFlight,
        maskEncoding,
        limits,
        cameraSizes,
        changed,
        transactionTimeout,
        clientProperties);
  }

  public StreamSettings withTransactionTimeout(Duration changed) {
    return new StreamSettings(
        bootstrapServers,
        applicationId,
        stateDir,
        topics,
        threads,
        inFlight,
        maskEncoding,
        limits,
        cameraSizes,
        timing,
        changed,
        clientProperties);
  }

  public StreamSettings withClientProperties(Map<String, String> changed) {
    return new StreamSettings(
        bootstrapServers,
        applicationId,
        stateDir,
        topics,
        threads,
        inFlight,
        maskEncoding,
        limits,
        cameraSizes,
        timing,
        transactionTimeout,
        changed);
  }

  /// What any Kafka client of the processor needs: brokers and security.
  public Map<String, Object> forClient() {
    return StreamsProperties.ofClient(this);
  }
}
