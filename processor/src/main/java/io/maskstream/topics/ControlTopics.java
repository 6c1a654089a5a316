package io.maskstream.topics;

import java.util.List;

/// The compacted topics that say what the processors should do, and what they have done.
///
/// @param cameras the cameras declared, keyed by camera id
/// @param models the releases assigned, keyed by scope
/// @param modelStatus the releases that each instance has loaded, keyed by instance id
public record ControlTopics(String cameras, String models, String modelStatus) {

  public static final ControlTopics STANDARD = withPrefix("maskstream");

  /// The usual names behind another first word.
  public static ControlTopics withPrefix(String prefix) {
    return new ControlTopics(prefix + ".cameras", prefix + ".models", prefix + ".models.status");
  }

  public List<String> all() {
    return List.of(cameras, models, modelStatus);
  }
}
