package io.maskstream.camera;

import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_QUIET;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;

/// Silences FFmpeg, which would print addresses with their passwords to stderr.
final class FfmpegLog {

  private FfmpegLog() {}

  static void quieten() {
    av_log_set_level(AV_LOG_QUIET);
  }
}
