package io.maskstream.camera;

import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_MPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_SMPTE170M;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_make_writable;
import static org.bytedeco.ffmpeg.global.swscale.SWS_ACCURATE_RND;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BILINEAR;
import static org.bytedeco.ffmpeg.global.swscale.SWS_CS_ITU601;
import static org.bytedeco.ffmpeg.global.swscale.sws_freeContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getCoefficients;
import static org.bytedeco.ffmpeg.global.swscale.sws_getContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale;
import static org.bytedeco.ffmpeg.global.swscale.sws_setColorspaceDetails;

import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerPointer;

/// A picture in the Y'CbCr 4:2:0 of BT.601 that encoders take. Owns native memory; not thread-safe.
final class YuvFrame implements AutoCloseable {

  private static final int UNITY = 1 << 16;

  private final int width;
  private final int height;
  private final AVFrame frame = av_frame_alloc();
  private final SwsContext conversion;
  private final BytePointer rgb;
  private final PointerPointer<BytePointer> planes = new PointerPointer<>(1);
  private final IntPointer strides = new IntPointer(1);

  YuvFrame(int width, int height, boolean fullRange) {
    this.width = width;
    this.height = height;
    frame.format(AV_PIX_FMT_YUV420P);
    frame.width(width);
    frame.height(height);
    frame.colorspace(AVCOL_SPC_SMPTE170M);
    frame.color_range(fullRange ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG);
    av_frame_get_buffer(frame, 0);
    conversion =
        sws_getContext(
            width,
            height,
            AV_PIX_FMT_RGB24,
            width,
            height,
            AV_PIX_FMT_YUV420P,
            SWS_BILINEAR | SWS_ACCURATE_RND,
            null,
            null,
            (DoublePointer) null);
    IntPointer bt601 = sws_getCoefficients(SWS_CS_ITU601);
    sws_setColorspaceDetails(conversion, bt601, 1, bt601, fullRange ? 1 : 0, 0, UNITY, UNITY);
    rgb = new BytePointer((long) width * height * 3);
    planes.put(0, rgb);
    strides.put(0, width * 3);
  }

  /// @param pixels height x width x 3 bytes
  void fill(byte[] pixels) {
    if (pixels.length != width * height * 3) {
      throw new IllegalArgumentException(
          "picture of %dx%d wants %d bytes, got %d"
              .formatted(width, height, width * height * 3, pixels.length));
    }
    av_frame_make_writable(frame);
    rgb.put(pixels);
    sws_scale(conversion, planes, strides, 0, height, frame.data(), frame.linesize());
  }

  /// The frame itself, with this pts.
  AVFrame at(long pts) {
    frame.pts(pts);
    return frame;
  }

  @Override
  public void close() {
    sws_freeContext(conversion);
    av_frame_free(frame);
    rgb.close();
    planes.close();
    strides.close();
  }
}
