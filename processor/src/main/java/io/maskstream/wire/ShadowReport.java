package io.maskstream.wire;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/// What one processor has seen of a candidate since it began to run beside the release in force.
///
/// @param instanceId the processor
/// @param scope of the candidate's assignment
/// @param number of the candidate's assignment
/// @param reportedAt by the processor's clock
/// @param candidate its frames
/// @param serving the same frames, by the release in force
/// @param skipped frames of the candidate's share that it was not shown, because it was behind
/// @param classes one for every class name that either has seen
/// @param rejection why the candidate is rejected; empty while it is not
public record ShadowReport(
    String instanceId,
    String scope,
    long number,
    Release release,
    Instant reportedAt,
    Figures candidate,
    Figures serving,
    long skipped,
    List<ClassAgreement> classes,
    String rejection) {

  public ShadowReport {
    classes = List.copyOf(classes);
    Fields.requireId("instance_id", instanceId);
    Fields.requireTime("reported_at", reportedAt);
  }

  /// How a release did on some frames.
  ///
  /// @param answered frames with a class map
  /// @param failed frames without one
  /// @param notANumber those of them whose scores are no numbers (NaN)
  /// @param failedBatches micro-batches that failed, though their frames went through one by one
  /// @param constant frames of one class from edge to edge
  /// @param inference median time of a run, by frame
  public record Figures(
      long answered,
      long failed,
      long notANumber,
      long failedBatches,
      long constant,
      Duration inference) {

    /// Of no frames.
    public static final Figures NONE = new Figures(0, 0, 0, 0, 0, Duration.ZERO);

    public long frames() {
      return answered + failed;
    }
  }

  /// How far two releases agree on one class, in pixels of the masks of the release in force.
  public record ClassAgreement(String name, long both, long candidate, long serving) {

    /// Intersection over union; nothing for a class that neither has seen.
    public OptionalDouble iou() {
      long union = candidate + serving - both;
      return union == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) both / union);
    }
  }

  /// Mean over the classes that either release has seen; nothing without any.
  public static OptionalDouble meanIou(List<ClassAgreement> classes) {
    return classes.stream()
        .map(ClassAgreement::iou)
        .flatMapToDouble(OptionalDouble::stream)
        .average();
  }

  /// Reads the value of a record of the topic.
  ///
  /// @throws WireException if it is none
  public static ShadowReport parse(byte @Nullable [] value) {
    return ShadowMessages.parse(value);
  }

  /// The value of its record.
  public byte[] toBytes() {
    return ShadowMessages.toMessage(this).toByteArray();
  }
}
