package io.maskstream.topology;

import java.util.List;

/// The topics that the stream reads and writes; all keyed by camera id.
///
/// @param frames access units, the only input
/// @param masks one mask or marker for every access unit
/// @param statistics one record for every mask or marker
/// @param windowStatistics one record for every minute of a camera
/// @param deadLetters records of frames that are no access units
public record Topics(
    String frames, String masks, String statistics, String windowStatistics, String deadLetters) {

  public static final Topics STANDARD = withPrefix("maskstream");

  /// The usual names behind another first word.
  public static Topics withPrefix(String prefix) {
    return new Topics(
        prefix + ".frames",
        prefix + ".masks",
        prefix + ".statistics",
        prefix + ".statistics.1m",
        prefix + ".dead-letters");
  }

  public Topics withFrames(String changed) {
    return new Topics(changed, masks, statistics, windowStatistics, deadLetters);
  }

  /// Every topic, the input first.
  public List<String> all() {
    return List.of(frames, masks, statistics, windowStatistics, deadLetters);
  }
}
