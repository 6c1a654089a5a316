package io.maskstream.topology;

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
/// @param largestRecordBytes of an access unit that is read and of a mask that is written
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
    int largestRecordBytes,
    Timing timing,
    Duration transactionTimeout,
    Map<String, String> clientProperties) {

  /// How the pixels of a mask are written.
  public enum MaskEncoding {
    RUN_LENGTHS,
    PNG
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
    if (bootstrapServers.isBlank()) {
      throw new IllegalArgumentException("bootstrap.servers is empty");
    }
    if (!applicationId.matches("[A-Za-z0-9._-]+")) {
      throw new IllegalArgumentException(
          "application id wants letters, digits, '.', '_' and '-' only: " + applicationId);
    }
    if (threads < 1 || inFlight < 1 || largestRecordBytes < 1024) {
      throw new IllegalArgumentException(
          "threads and frames in flight must be at least 1, the largest record 1024 bytes: threads="
              + threads
              + " inFlight="
              + inFlight
              + " largestRecordBytes="
              + largestRecordBytes);
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
        8 << 20,
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
        largestRecordBytes,
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
        largestRecordBytes,
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
        largestRecordBytes,
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
        largestRecordBytes,
        timing,
        transactionTimeout,
        clientProperties);
  }

  public StreamSettings withLargestRecordBytes(int changed) {
    return new StreamSettings(
        bootstrapServers,
        applicationId,
        stateDir,
        topics,
        threads,
        inFlight,
        maskEncoding,
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
        largestRecordBytes,
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
        largestRecordBytes,
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
        largestRecordBytes,
        timing,
        transactionTimeout,
        changed);
  }
}
