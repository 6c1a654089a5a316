package io.maskstream.video;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avutil.AV_PICTURE_TYPE_I;
import static org.bytedeco.ffmpeg.global.avutil.AV_PICTURE_TYPE_NONE;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_make_writable;
import static org.bytedeco.ffmpeg.global.avutil.av_get_pix_fmt;
import static org.bytedeco.ffmpeg.global.avutil.av_make_q;

import io.maskstream.camera.FfmpegLog;
import io.maskstream.wire.Codec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.BytePointer;

/// Encodes generated pictures with the encoders of this FFmpeg, so that a fresh clone has material.
///
/// @param encoder FFmpeg's name, as "libopenh264"
/// @param pixelFormat FFmpeg's name, as "yuv420p"
/// @param colorspace FFmpeg's AVColorSpace that the stream is tagged with; 2 is unspecified
/// @param range FFmpeg's AVColorRange: 0 unspecified, 1 limited, 2 full
record SceneEncoder(
    String encoder, Size size, String pixelFormat, int colorspace, int range, int gop) {

  static final int UNSPECIFIED = 2;

  /// The samples of picture number t.
  interface Scene {
    /// @param plane 0 is luma, or green where planes are colours
    /// @param x in samples of the plane
    int sample(int t, int plane, int x, int y);
  }

  static SceneEncoder of(String encoder, Size size) {
    String format =
        switch (encoder) {
          case "mjpeg" -> "yuvj420p";
          case "png" -> "rgb24";
          default -> "yuv420p";
        };
    return new SceneEncoder(encoder, size, format, UNSPECIFIED, 0, 10);
  }

  static Codec codec(String encoder) {
    return switch (encoder) {
      case "libopenh264" -> Codec.H264;
      case "libvpx" -> Codec.VP8;
      case "libvpx-vp9" -> Codec.VP9;
      case "libsvtav1", "libaom-av1" -> Codec.AV1;
      default -> Clip.codec(encoder);
    };
  }

  Clip encode(int pictures, Scene scene) {
    FfmpegLog.install();
    AVCodecContext context = avcodec_alloc_context3(avcodec_find_encoder_by_name(encoder));
    AVFrame frame = av_frame_alloc();
    AVPacket packet = av_packet_alloc();
    AVDictionary options = new AVDictionary(null);
    List<Clip.Unit> units = new ArrayList<>();
    try {
      context
          .width(size.width())
          .height(size.height())
          .pix_fmt(av_get_pix_fmt(pixelFormat))
          .time_base(av_make_q(1, 25))
          .framerate(av_make_q(25, 1))
          .gop_size(gop)
          .bit_rate(4_000_000)
          .colorspace(colorspace)
          .color_range(range)
          .thread_count(1)
          .strict_std_compliance(-1);
      settings().forEach((key, value) -> av_dict_set(options, key, value, 0));
      if (encoder.equals("mpeg4") || encoder.equals("mpeg2video")) {
        context.max_b_frames(2).qmin(1).qmax(3);
      } else if (encoder.equals("mjpeg")) {
        context.qmin(1).qmax(1);
      }
      assertThat(avcodec_open2(context, context.codec(), options)).as("open " + this).isZero();
      frame.width(size.width()).height(size.height()).format(context.pix_fmt());
      frame.colorspace(colorspace).color_range(range);
      assertThat(av_frame_get_buffer(frame, 0)).isZero();
      for (int t = 0; t < pictures; t++) {
        av_frame_make_writable(frame);
        paint(frame, t, scene);
        frame.pts(t).pict_type(t % gop == 0 ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE);
        assertThat(avcodec_send_frame(context, frame)).as("encode " + this).isZero();
        take(context, packet, units);
      }
      avcodec_send_frame(context, null);
      take(context, packet, units);
      return new Clip(codec(encoder), units);
    } finally {
      av_dict_free(options);
      av_packet_free(packet);
      av_frame_free(frame);
      avcodec_free_context(context);
    }
  }

  private Map<String, String> settings() {
    return switch (encoder) {
      case "libvpx", "libvpx-vp9" -> new TreeMap<>(Map.of("deadline", "realtime", "cpu-used", "8"));
      case "libaom-av1" -> new TreeMap<>(Map.of("usage", "realtime", "cpu-used", "8"));
      case "libsvtav1" -> new TreeMap<>(Map.of("preset", "12", "svtav1-params", "lp=1"));
      default -> new TreeMap<>();
    };
  }

  private static void take(AVCodecContext context, AVPacket packet, List<Clip.Unit> units) {
    while (avcodec_receive_packet(context, packet) >= 0) {
      byte[] data = new byte[packet.size()];
      packet.data().get(data);
      boolean keyframe = (packet.flags() & AV_PKT_FLAG_KEY) != 0;
      if (data.length > 0) {
        units.add(new Clip.Unit(data, keyframe, packet.pts()));
      }
      av_packet_unref(packet);
    }
  }

  private void paint(AVFrame frame, int t, Scene scene) {
    boolean packed = pixelFormat.startsWith("rgb");
    boolean planar = pixelFormat.startsWith("yuv") || pixelFormat.startsWith("gbr");
    boolean halved = pixelFormat.contains("420");
    for (int plane = 0; plane < (planar ? 3 : 1); plane++) {
      int width = plane > 0 && halved ? (size.width() + 1) / 2 : size.width();
      int height = plane > 0 && halved ? (size.height() + 1) / 2 : size.height();
      BytePointer samples = frame.data(plane);
      for (int y = 0; y < height; y++) {
        long row = (long) y * frame.linesize(plane);
        for (int x = 0; x < width; x++) {
          if (packed) {
            for (int c = 0; c < 3; c++) {
              samples.put(row + 3L * x + c, (byte) scene.sample(t, c, x, y));
            }
          } else {
            samples.put(row + x, (byte) scene.sample(t, plane, x, y));
          }
        }
      }
    }
  }
}
