package io.maskstream.camera;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_AV1;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_H264;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_HEVC;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MJPEG;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MPEG2VIDEO;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MPEG4;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_PNG;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_VP8;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_VP9;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_DATA_DISPLAYMATRIX;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_get_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_profile_name;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_MPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_BT2020_NCL;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_BT470BG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_SMPTE170M;
import static org.bytedeco.ffmpeg.global.avutil.av_display_rotation_get;

import io.maskstream.wire.AccessUnit.ColorMatrix;
import io.maskstream.wire.AccessUnit.ColorRange;
import io.maskstream.wire.Codec;
import io.maskstream.wire.Identity.TimeBase;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacketSideData;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;

/// Reads what a container says of its video.
final class Tracks {

  /// Frames per second of a raw stream that names none.
  private static final TimeBase UNKNOWN_RATE = new TimeBase(1, 25);

  private Tracks() {}

  /// @param untimed whether pictures are counted, so that the time base is one picture
  static VideoTrack describe(AVFormatContext context, int index, boolean untimed) {
    AVStream stream = context.streams(index);
    AVCodecParameters parameters = stream.codecpar();
    AVRational rate = stream.avg_frame_rate();
    boolean rated = rate.num() > 0 && rate.den() > 0;
    TimeBase timeBase = new TimeBase(stream.time_base().num(), stream.time_base().den());
    if (untimed) {
      timeBase = rated ? new TimeBase(rate.den(), rate.num()) : UNKNOWN_RATE;
    }
    BytePointer profile = avcodec_profile_name(parameters.codec_id(), parameters.profile());
    return new VideoTrack(
        codec(parameters.codec_id()),
        Demuxer.missing(profile) ? "" : profile.getString(),
        parameters.width(),
        parameters.height(),
        rated ? (double) rate.num() / rate.den() : 0,
        timeBase,
        rotation(parameters),
        matrix(parameters.color_space()),
        range(parameters.color_range()));
  }

  private static Codec codec(int id) {
    return switch (id) {
      case AV_CODEC_ID_H264 -> Codec.H264;
      case AV_CODEC_ID_HEVC -> Codec.HEVC;
      case AV_CODEC_ID_MJPEG -> Codec.MJPEG;
      case AV_CODEC_ID_VP8 -> Codec.VP8;
      case AV_CODEC_ID_VP9 -> Codec.VP9;
      case AV_CODEC_ID_AV1 -> Codec.AV1;
      case AV_CODEC_ID_MPEG4 -> Codec.MPEG4;
      case AV_CODEC_ID_MPEG2VIDEO -> Codec.MPEG2;
      case AV_CODEC_ID_PNG -> Codec.PNG;
      default ->
          throw new CameraException(
              "video codec "
                  + avcodec_get_name(id).getString()
                  + " is not supported; Maskstream takes H.264, H.265, VP8, VP9, AV1, MPEG-4, MPEG-2, JPEG and PNG");
    };
  }

  /// The display matrix turns anticlockwise; we say clockwise.
  private static int rotation(AVCodecParameters parameters) {
    for (int i = 0; i < parameters.nb_coded_side_data(); i++) {
      AVPacketSideData side = parameters.coded_side_data().getPointer(i);
      if (side.type() == AV_PKT_DATA_DISPLAYMATRIX) {
        double anticlockwise = av_display_rotation_get(new IntPointer(side.data()));
        if (!Double.isNaN(anticlockwise)) {
          return Math.floorMod(Math.round(-anticlockwise / 90) * 90, 360);
        }
      }
    }
    return 0;
  }

  private static ColorMatrix matrix(int space) {
    return switch (space) {
      case AVCOL_SPC_BT709 -> ColorMatrix.BT709;
      case AVCOL_SPC_BT470BG, AVCOL_SPC_SMPTE170M -> ColorMatrix.BT601;
      case AVCOL_SPC_BT2020_NCL -> ColorMatrix.BT2020;
      default -> ColorMatrix.UNSPECIFIED;
    };
  }

  private static ColorRange range(int range) {
    return switch (range) {
      case AVCOL_RANGE_MPEG -> ColorRange.LIMITED;
      case AVCOL_RANGE_JPEG -> ColorRange.FULL;
      default -> ColorRange.UNSPECIFIED;
    };
  }
}
