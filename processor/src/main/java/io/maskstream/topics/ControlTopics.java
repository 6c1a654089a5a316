package io.maskstream.topics;

import java.util.List;

/// The topics beside those of the stream: what the processors should do and have done, which is
/// compacted, and what people should label.
///
/// @param cameras the cameras declared, keyed by camera id
/// @param models the releases assigned, keyed by scope
/// @param modelStatus the releases that each instance has loaded, keyed by instance id
/// @param shadow what each instance has seen of candidates, keyed by scope
/// @param shadowMasks the masks that candidates make, keyed by camera id
/// @param labelCandidates frames with doubtful masks, keyed by camera id
public record ControlTopics(
    String cameras,
    String models,
    String modelStatus,
    String shadow,
    String shadowMasks,
    String labelCandidates) {

  public static final ControlTopics STANDARD = withPrefix("maskstream");

  /// The usual names behind another first word.
  public static ControlTopics withPrefix(String prefix) {
    return new ControlTopics(
        prefix + ".cameras",
        prefix + ".models",
        prefix + ".models.status",
        prefix + ".models.shadow",
        prefix + ".masks.shadow",
        prefix + ".label-candidates");
  }

  public List<String> all() {
    return List.of(cameras, models, modelStatus, shadow, shadowMasks, labelCandidates);
  }
}
