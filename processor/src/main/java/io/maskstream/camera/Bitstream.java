package io.maskstream.camera;

import io.maskstream.wire.Codec;

/// Reads how one track's pictures are coded, and completes keyframes with what decoding needs to
/// start there. Not thread-safe.
interface Bitstream {

  /// What one packet of the container holds.
  ///
  /// @param bytes the access unit as it is published
  /// @param keyframe whether decoding can start here
  /// @param startsSequence whether all pictures before it are shown before it
  record Coded(byte[] bytes, boolean keyframe, boolean startsSequence) {}

  /// @param extradata FFmpeg's word for the container's codec configuration; empty where there is
  ///   none
  static Bitstream of(Codec codec, byte[] extradata) {
    Bitstream bitstream =
        switch (codec) {
          case H264 -> new NalStream(NalSyntax.H264);
          case HEVC -> new NalStream(NalSyntax.HEVC);
          case MPEG4 -> new StartCodeStream(StartCodeStream.Syntax.MPEG4);
          case MPEG2 -> new StartCodeStream(StartCodeStream.Syntax.MPEG2);
          case AV1 -> new Av1Stream();
          case VP8 -> new IndependentStream(IndependentStream::vp8Keyframe);
          case VP9 -> new IndependentStream(IndependentStream::vp9Keyframe);
          case MJPEG, PNG -> new IndependentStream(_ -> true);
        };
    bitstream.configure(extradata);
    return bitstream;
  }

  /// Takes the container's codec configuration, at the beginning and wherever it changes.
  void configure(byte[] extradata);

  Coded read(byte[] packet);

  /// Counts the access units as read last; without B-pictures all alike, for they are shown as they
  /// are decoded.
  default PictureOrderCount order() {
    return _ -> 0;
  }
}
