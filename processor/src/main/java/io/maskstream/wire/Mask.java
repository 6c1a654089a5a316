package io.maskstream.wire;

import org.jspecify.annotations.Nullable;

/// The answer to one access unit: the class of every pixel, or why there is none.
///
/// @param identity the access unit that this answers
/// @param content the pixels, or the marker
/// @param release the release that made the mask; null in a marker that no release was asked for
/// @param source what the mask was made from
public record Mask(Identity identity, Content content, @Nullable Release release, Source source) {

  public Mask {
    if (release == null && !(content instanceof Marker)) {
      throw new IllegalArgumentException("mask names no release: camera=" + identity.cameraId());
    }
  }

  /// Reads the value of a record of the masks topic.
  ///
  /// @throws WireException if it is no mask
  public static Mask parse(byte @Nullable [] value) {
    return MaskMessages.parse(value);
  }

  /// The value of its record.
  public byte[] toBytes() {
    return MaskMessages.toMessage(this).toByteArray();
  }

  /// The pixels in one of two codings, or a marker.
  public sealed interface Content permits RunLengths, Png, Marker {}

  /// Where the access unit was read, and the size of its picture.
  ///
  /// @param partition of the frames topic
  /// @param offset in that partition
  /// @param width columns of the upright picture, 0 where it could not be decoded
  /// @param height rows of the upright picture, 0 where it could not be decoded
  public record Source(int partition, long offset, int width, int height) {

    public Source {
      if (partition < 0 || offset < 0 || width < 0 || height < 0) {
        throw new IllegalArgumentException(
            "source is negative: partition=%d offset=%d width=%d height=%d"
                .formatted(partition, offset, width, height));
      }
    }
  }
}
