package io.maskstream.wire;

/// Why an access unit has no pixels.
///
/// @param reason the kind of reason
/// @param detail one sentence for a person
public record Marker(Reason reason, String detail) implements Mask.Content {

  /// The kinds of reason.
  public enum Reason {
    SKIPPED,
    WAITING_FOR_KEYFRAME,
    UNDECODABLE,
    INFERENCE_FAILED,
    TOO_LARGE,
    CODEC_NOT_ALLOWED
  }
}
