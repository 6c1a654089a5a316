package io.maskstream.topology;

import io.maskstream.shadow.Watch;
import java.time.Duration;
import java.util.Map;

/// How the stream learns of other releases, and what they may take.
///
/// @param models topic of assignments, keyed by scope
/// @param status topic of what processors have loaded, keyed by instance id
/// @param shadow topic of what processors have seen of candidates, keyed by scope
/// @param shadowMasks topic of the masks that candidates make, keyed by camera id
/// @param groups of cameras that have one, by camera id
/// @param hold how long a frame waits for its release to be loaded before it gets a marker
/// @param keep how long a session stays open that nothing asks for any more
/// @param watch when a release is found to have gone bad
/// @param memoryBytes that loading a release may take beside those that serve; 0 takes what is free
public record ModelControl(
    String models,
    String status,
    String shadow,
    String shadowMasks,
    Map<String, String> groups,
    Duration hold,
    Duration keep,
    Watch watch,
    long memoryBytes) {

  public static final Duration HOLD = Duration.ofSeconds(20);
  public static final Duration KEEP = Duration.ofSeconds(30);

  public ModelControl {
    groups = Map.copyOf(groups);
    if (!hold.isPositive() || keep.isNegative() || memoryBytes < 0) {
      throw new IllegalArgumentException(
          "model control wants hold > 0, keep >= 0 and memory >= 0: hold="
              + hold
              + " keep="
              + keep
              + " memory="
              + memoryBytes);
    }
  }

  /// The usual settings.
  public static ModelControl of(String models, String status, String shadow, String shadowMasks) {
    return new ModelControl(
        models, status, shadow, shadowMasks, Map.of(), HOLD, KEEP, Watch.STANDARD, 0);
  }

  public ModelControl withGroups(Map<String, String> other) {
    return new ModelControl(
        models, status, shadow, shadowMasks, other, hold, keep, watch, memoryBytes);
  }

  public ModelControl with(Duration otherHold, Duration otherKeep) {
    return new ModelControl(
        models, status, shadow, shadowMasks, groups, otherHold, otherKeep, watch, memoryBytes);
  }

  public ModelControl withMemory(long bytes) {
    return new ModelControl(models, status, shadow, shadowMasks, groups, hold, keep, watch, bytes);
  }
}
