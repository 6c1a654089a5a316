package io.maskstream.camera;

import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_MPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_SMPTE170M;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_make_q;

import io.maskstream.wire.AccessUnit;
import io.maskstream.wire.AccessUnit.ColorMatrix;
import io.maskstream.wire.AccessUnit.ColorRange;
import io.maskstream.wire.Codec;
import io.maskstream.wire.Identity.TimeBase;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.jspecify.annotations.Nullable;

/// Encodes pictures to the access units of one session, by the encoders of this build of FFmpeg.
/// Owns native memory; one thread opens, feeds and closes it. The same pictures and settings give
/// the same bytes.
public final class SceneEncoder implements AutoCloseable {

  /// How pictures are encoded.
  ///
  /// @param codec H.264 comes from OpenH264, which makes no B-frames
  /// @param framesPerSecond nominal; pts count frames
  /// @param gop access units from one keyframe to the next
  /// @param bFrames the most B-frames in a row; only MPEG-4 and MPEG-2 have them here
  public record Settings(
      Codec codec, int width, int height, int framesPerSecond, int gop, int bFrames) {

    public Settings {
      if (framesPerSecond < 1 || gop < 1 || bFrames < 0) {
        throw new IllegalArgumentException(
            "encoder settings are out of range: fps=%d gop=%d bFrames=%d"
                .formatted(framesPerSecond, gop, bFrames));
      }
      if (width % 2 != 0 || height % 2 != 0 || width < 16 || height < 16) {
        throw new IllegalArgumentException(
            "encoder wants even sizes from 16x16 on: %dx%d".formatted(width, height));
      }
      if (bFrames > 0 && codec != Codec.MPEG4 && codec != Codec.MPEG2) {
        throw new IllegalArgumentException(
            "encoder makes B-frames in MPEG4 and MPEG2 only: codec=" + codec);
      }
    }

    /// H.264 without B-frames.
    public static Settings h264(int width, int height, int framesPerSecond, int gop) {
      return new Settings(Codec.H264, width, height, framesPerSecond, gop, 0);
    }
  }

  /// Enough for clean edges: bits for a pixel of a picture.
  private static final double BITS_PER_PIXEL = 0.15;

  private final Session session;
  private final Settings settings;
  private final TimeBase timeBase;
  private final Bitstream bitstream;
  private final AVCodecContext context;
  private final YuvFrame frame;
  private final AVPacket packet = av_packet_alloc();
  private long pictures;

  private SceneEncoder(Session session, Settings settings, AVCodecContext context) {
    this.session = session;
    this.settings = settings;
    this.context = context;
    this.timeBase = new TimeBase(1, settings.framesPerSecond());
    this.bitstream = Bitstream.of(settings.codec(), new byte[0]);
    this.frame = new YuvFrame(settings.width(), settings.height(), isFullRange(settings));
  }

  /// Begins a session.
  ///
  /// @param clock says when the first picture is taken
  /// @throws CameraException if this build of FFmpeg has no such encoder
  public static SceneEncoder open(String cameraId, Settings settings, InstantSource clock) {
    return open(Session.begin(cameraId, clock), settings);
  }

  static SceneEncoder open(Session session, Settings settings) {
    FfmpegLog.install();
    AVCodec encoder = avcodec_find_encoder_by_name(encoderName(settings.codec()));
    if (encoder == null || encoder.isNull()) {
      throw new CameraException("this build of FFmpeg has no encoder for " + settings.codec());
    }
    AVCodecContext context = avcodec_alloc_context3(encoder);
    configure(context, settings);
    AVDictionary options = new AVDictionary(null);
    try {
      options(settings.codec()).forEach((name, value) -> av_dict_set(options, name, value, 0));
      int opened = avcodec_open2(context, encoder, options);
      if (opened < 0) {
        avcodec_free_context(context);
        throw new CameraException("encoder refuses the settings: " + settings);
      }
    } finally {
      av_dict_free(options);
    }
    return new SceneEncoder(session, settings, context);
  }

  public String sessionId() {
    return session.id();
  }

  /// Encodes the next picture.
  ///
  /// @param rgb height x width x 3 bytes
  /// @return access units now ready, in decoding order
  public List<AccessUnit> encode(byte[] rgb) {
    frame.fill(rgb);
    return encode(frame.at(pictures++));
  }

  /// Takes the end of the pictures.
  ///
  /// @return access units that were held back, in decoding order
  public List<AccessUnit> end() {
    return encode((AVFrame) null);
  }

  /// The unit that says this session is over, next in sequence.
  public AccessUnit endOfSession() {
    return unit(new byte[0], false, pictures, true);
  }

  @Override
  public void close() {
    frame.close();
    av_packet_free(packet);
    avcodec_free_context(context);
  }

  private List<AccessUnit> encode(@Nullable AVFrame next) {
    if (avcodec_send_frame(context, next) < 0) {
      throw new CameraException("encoder takes no picture: " + settings);
    }
    List<AccessUnit> units = new ArrayList<>();
    while (avcodec_receive_packet(context, packet) >= 0) {
      byte[] bytes = new byte[packet.size()];
      packet.data().get(bytes);
      Bitstream.Coded coded = bitstream.read(bytes);
      units.add(unit(coded.bytes(), coded.keyframe(), packet.pts(), false));
      av_packet_unref(packet);
    }
    return units;
  }

  private AccessUnit unit(byte[] bytes, boolean keyframe, long pts, boolean end) {
    return new AccessUnit(
        session.next(pts, timeBase, session.begun().plus(Timeline.elapsed(pts, timeBase))),
        settings.codec(),
        keyframe,
        ByteBuffer.wrap(bytes),
        0,
        ColorMatrix.BT601,
        isFullRange(settings) ? ColorRange.FULL : ColorRange.LIMITED,
        end);
  }

  private static void configure(AVCodecContext context, Settings settings) {
    context.width(settings.width());
    context.height(settings.height());
    context.pix_fmt(AV_PIX_FMT_YUV420P);
    context.colorspace(AVCOL_SPC_SMPTE170M);
    context.color_range(isFullRange(settings) ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG);
    context.time_base(av_make_q(1, settings.framesPerSecond()));
    context.framerate(av_make_q(settings.framesPerSecond(), 1));
    context.gop_size(settings.gop());
    context.max_b_frames(settings.bFrames());
    context.thread_count(1);
    double pixelsPerSecond =
        (double) settings.width() * settings.height() * settings.framesPerSecond();
    context.bit_rate(Math.round(BITS_PER_PIXEL * pixelsPerSecond));
  }

  private static boolean isFullRange(Settings settings) {
    return settings.codec() == Codec.MJPEG;
  }

  private static String encoderName(Codec codec) {
    return switch (codec) {
      case H264 -> "libopenh264";
      case MPEG4 -> "mpeg4";
      case MPEG2 -> "mpeg2video";
      case MJPEG -> "mjpeg";
      case VP8 -> "libvpx";
      case VP9 -> "libvpx-vp9";
      case AV1 -> "libsvtav1";
      case PNG, HEVC ->
          throw new IllegalArgumentException(
              "no encoder here makes " + codec + "; take H264, MPEG4, MPEG2, MJPEG, VP8, VP9, AV1");
    };
  }

  private static Map<String, String> options(Codec codec) {
    return switch (codec) {
      case VP8, VP9 -> Map.of("deadline", "realtime", "cpu-used", "8", "lag-in-frames", "0");
      case AV1 -> Map.of("preset", "12");
      case H264, HEVC, MPEG4, MPEG2, MJPEG, PNG -> Map.of();
    };
  }
}
