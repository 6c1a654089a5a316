package io.maskstream.camera;

import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_WARNING;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;
import static org.bytedeco.ffmpeg.global.avutil.setLogCallback;

import org.bytedeco.ffmpeg.avutil.LogCallback;
import org.bytedeco.javacpp.BytePointer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// FFmpeg's complaints, at debug: what goes wrong is told by exceptions and markers, not by lines
/// on stderr. FFmpeg names addresses and quotes strangers' bytes, so what it says is scrubbed.
public final class FfmpegLog extends LogCallback {

  private static final Logger LOG = LoggerFactory.getLogger(FfmpegLog.class);

  /// FFmpeg keeps only the native half; this keeps the Java half from the garbage collector.
  private static final FfmpegLog INSTALLED = new FfmpegLog();

  static {
    av_log_set_level(AV_LOG_WARNING);
    setLogCallback(INSTALLED);
  }

  private FfmpegLog() {}

  /// Silences stderr, once per process.
  public static FfmpegLog install() {
    return INSTALLED;
  }

  @Override
  public void call(int level, BytePointer line) {
    if (LOG.isDebugEnabled()) {
      LOG.debug("{}", Secrets.scrub(line.getString().strip().replaceAll("\\p{Cntrl}", "?")));
    }
  }
}
