package io.maskstream.video;

import io.maskstream.wire.Codec;
import java.util.EnumSet;
import java.util.Set;

/// What a decoder accepts; anything beyond is answered as damaged without touching FFmpeg.
///
/// @param codecs the allow-list; FFmpeg has hundreds of decoders, and most of its holes lie in the
///   ones nobody needs
/// @param maxPixels width x height of the coded picture, at most
/// @param maxAccessUnitBytes size of one access unit, at most
public record Limits(Set<Codec> codecs, long maxPixels, int maxAccessUnitBytes) {

  /// Every codec, pictures to 4096 x 2304, access units to 8 MiB (the limit of the frames topic).
  public static final Limits STANDARD =
      new Limits(EnumSet.allOf(Codec.class), 4096L * 2304, 8 << 20);

  public Limits {
    codecs = Set.copyOf(codecs);
    if (maxPixels < 1) {
      throw new IllegalArgumentException("max pixels is not positive: " + maxPixels);
    }
    if (maxAccessUnitBytes < 1) {
      throw new IllegalArgumentException(
          "max access unit bytes is not positive: " + maxAccessUnitBytes);
    }
  }
}
