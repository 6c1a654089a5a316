package io.maskstream.video;

import org.bytedeco.ffmpeg.global.avutil;

/// Opens decoders that share limits and a pool of frame memory. Thread-safe; lives as long as the
/// program. FFmpeg's libraries are loaded by the first picture, not by this class.
public final class Decoders {

  private final Limits limits;
  private final FramePool pool = new FramePool();

  public Decoders(Limits limits) {
    this.limits = limits;
  }

  /// The version of FFmpeg that decodes; loads its libraries.
  public static String ffmpegVersion() {
    return avutil.av_version_info().getString();
  }

  /// Opens a decoder for one session of one camera; the caller owns and closes it.
  ///
  /// @param grid asked for each picture, so that a hot swap may change the size between two frames
  public Decoder open(Grid grid) {
    return new FfmpegDecoder(limits, grid, pool, PictureTap.NONE);
  }
}
