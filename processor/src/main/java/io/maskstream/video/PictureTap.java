package io.maskstream.video;

import org.bytedeco.ffmpeg.avutil.AVFrame;

/// Sees each picture as FFmpeg decoded it, before conversion: the tests compare native pixels with
/// FFmpeg's own framemd5.
@FunctionalInterface
interface PictureTap {

  PictureTap NONE = (ticket, picture) -> {};

  /// @param picture cropped; belongs to the decoder and is valid only during the call
  void see(long ticket, AVFrame picture);
}
