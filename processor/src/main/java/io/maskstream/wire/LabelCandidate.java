package io.maskstream.wire;

import org.jspecify.annotations.Nullable;

/// A frame that a person should label, because its mask is doubtful.
///
/// @param reason why it is doubtful
/// @param doubt 0 to 1: what the mean confidence lacks to 1, or the share of pixels on which the
///   releases disagree
/// @param mask the mask that was published, with pixels
/// @param statistics of that mask
/// @param otherRelease the release that disagrees; null where confidence is the reason
public record LabelCandidate(
    Reason reason,
    double doubt,
    Mask mask,
    FrameStatistics statistics,
    @Nullable Release otherRelease) {

  public LabelCandidate {
    if (!(doubt >= 0 && doubt <= 1)) {
      throw new IllegalArgumentException("doubt_fraction is not 0 to 1: " + doubt);
    }
    if (mask.content() instanceof Marker) {
      throw new IllegalArgumentException("a marker is no label candidate");
    }
    if (!mask.identity().equals(statistics.identity())) {
      throw new IllegalArgumentException(
          "statistics are of another frame: mask=%s statistics=%s"
              .formatted(mask.identity(), statistics.identity()));
    }
    if ((reason == Reason.DISAGREEMENT) != (otherRelease != null)) {
      throw new IllegalArgumentException(
          "other_release belongs to a disagreement: reason=%s other_release=%s"
              .formatted(reason, otherRelease));
    }
  }

  public Identity identity() {
    return mask.identity();
  }

  /// Reads the value of a record of the label candidates topic.
  ///
  /// @throws WireException if it is none
  public static LabelCandidate parse(byte @Nullable [] value) {
    return LabelMessages.parse(value);
  }

  /// The value of its record.
  public byte[] toBytes() {
    return LabelMessages.toMessage(this).toByteArray();
  }

  /// Why a mask is doubtful.
  public enum Reason {
    LOW_CONFIDENCE,
    DISAGREEMENT
  }
}
