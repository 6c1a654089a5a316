package io.maskstream.camera;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_DATA_DISPLAYMATRIX;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_side_data_get;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_get_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_profile_name;
import static org.bytedeco.ffmpeg.global.avformat.av_guess_frame_rate;
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
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;

/// What avformat says of the chosen video track.
///
/// @param codecId FFmpeg's id of the codec
/// @param extradata the container's codec configuration; empty where there is none
/// @param timeBase of the container's pts
/// @param pictureTime the nominal time from one picture to the next
record Track(
    SourceFormat format,
    int codecId,
    byte[] extradata,
    TimeBase timeBase,
    TimeBase pictureTime,
    ColorMatrix colorMatrix,
    ColorRange colorRange) {

  /// What FFmpeg takes for bare pictures that do not say their rate.
  private static final TimeBase USUAL_PICTURE_TIME = new TimeBase(1, 25);

  static Track of(Input input, CameraAddress address) {
    AVStream video = input.video();
    AVCodecParameters parameters = video.codecpar();
    AVRational rate = av_guess_frame_rate(input.context(), video, null);
    boolean rated = rate.num() > 0 && rate.den() > 0;
    SourceFormat format =
        new SourceFormat(
            codec(parameters.codec_id(), address),
            profile(parameters),
            parameters.width(),
            parameters.height(),
            rated ? (double) rate.num() / rate.den() : 0,
            parameters.bit_rate(),
            Math.max(0, parameters.video_delay()),
            rotation(parameters),
            input.container(),
            input.isLive());
    return new Track(
        format,
        parameters.codec_id(),
        bytes(parameters.extradata(), parameters.extradata_size()),
        new TimeBase(video.time_base().num(), video.time_base().den()),
        rated ? new TimeBase(rate.den(), rate.num()) : USUAL_PICTURE_TIME,
        matrix(parameters.color_space()),
        range(parameters.color_range()));
  }

  private static Codec codec(int id, CameraAddress address) {
    return switch (id) {
      case avcodec.AV_CODEC_ID_H264 -> Codec.H264;
      case avcodec.AV_CODEC_ID_HEVC -> Codec.HEVC;
      case avcodec.AV_CODEC_ID_MJPEG -> Codec.MJPEG;
      case avcodec.AV_CODEC_ID_VP8 -> Codec.VP8;
      case avcodec.AV_CODEC_ID_VP9 -> Codec.VP9;
      case avcodec.AV_CODEC_ID_AV1 -> Codec.AV1;
      case avcodec.AV_CODEC_ID_MPEG4 -> Codec.MPEG4;
      case avcodec.AV_CODEC_ID_MPEG2VIDEO -> Codec.MPEG2;
      case avcodec.AV_CODEC_ID_PNG -> Codec.PNG;
      default ->
          throw new CameraException(
              "video in %s is coded as %s; set the camera to H.264, H.265 or MJPEG, or transcode it"
                  .formatted(address, avcodec_get_name(id).getString()));
    };
  }

  private static String profile(AVCodecParameters parameters) {
    BytePointer name = avcodec_profile_name(parameters.codec_id(), parameters.profile());
    return name == null || name.isNull() ? "" : name.getString();
  }

  /// The display matrix turns counter-clockwise by its angle; turns that are not by quarters, and
  /// mirrors, are left as they are.
  private static int rotation(AVCodecParameters parameters) {
    AVPacketSideData matrix =
        av_packet_side_data_get(
            parameters.coded_side_data(),
            parameters.nb_coded_side_data(),
            AV_PKT_DATA_DISPLAYMATRIX);
    if (matrix == null || matrix.isNull()) {
      return 0;
    }
    double angle = av_display_rotation_get(new IntPointer(matrix.data()));
    if (Double.isNaN(angle)) {
      return 0;
    }
    int clockwise = Math.floorMod(Math.round(-angle), 360);
    return clockwise % 90 == 0 ? clockwise : 0;
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

  private static byte[] bytes(BytePointer pointer, int size) {
    byte[] bytes = new byte[size];
    if (size > 0) {
      pointer.get(bytes);
    }
    return bytes;
  }
}
