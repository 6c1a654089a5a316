package io.maskstream.wire;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one processor has loaded.
///
/// @param instanceId the processor; kept over its restarts
/// @param host for a person
/// @param reportedAt when this was sent, by the processor's clock
/// @param releases one for every assignment that can still hold
public record ModelStatus(
    String instanceId, String host, Instant reportedAt, List<Loaded> releases) {

  /// How often a processor reports.
  public static final Duration INTERVAL = Duration.ofSeconds(3);

  /// A processor that has not reported for so long is gone.
  private static final Duration GONE = Duration.ofSeconds(15);

  public ModelStatus {
    releases = List.copyOf(releases);
    Fields.requireId("instance_id", instanceId);
    Fields.requireTime("reported_at", reportedAt);
  }

  /// How far the processor is with one assignment.
  ///
  /// @param scope of the assignment; empty for the release of the processor's own configuration
  /// @param number of the assignment; 0 where there is none
  /// @param reason why it is refused, one sentence for a person
  public record Loaded(String scope, long number, Release release, State state, String reason) {}

  /// How far a release is.
  public enum State {
    LOADING,
    READY,
    REFUSED
  }

  /// Whether the processor still lives, as far as its reports tell.
  public boolean alive(Instant now) {
    return now.isBefore(reportedAt.plus(GONE));
  }

  /// Reads the value of a record of the status topic.
  ///
  /// @throws WireException if it is none
  public static ModelStatus parse(byte @Nullable [] value) {
    return ModelMessages.parseStatus(value);
  }

  /// The value of its record.
  public byte[] toBytes() {
    return ModelMessages.toMessage(this).toByteArray();
  }
}
