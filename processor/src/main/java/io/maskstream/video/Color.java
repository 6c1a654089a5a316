package io.maskstream.video;

import static org.bytedeco.ffmpeg.global.avutil.AVCHROMA_LOC_BOTTOM;
import static org.bytedeco.ffmpeg.global.avutil.AVCHROMA_LOC_BOTTOMLEFT;
import static org.bytedeco.ffmpeg.global.avutil.AVCHROMA_LOC_CENTER;
import static org.bytedeco.ffmpeg.global.avutil.AVCHROMA_LOC_TOP;
import static org.bytedeco.ffmpeg.global.avutil.AVCHROMA_LOC_TOPLEFT;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_MPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_BT2020_CL;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_BT2020_NCL;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_BT470BG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_FCC;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_RESERVED;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_RGB;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_SMPTE170M;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_SMPTE240M;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_UNSPECIFIED;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_FLAG_PAL;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_FLAG_RGB;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV411P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV422P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV440P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV444P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ411P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ420P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ422P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ440P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ444P;
import static org.bytedeco.ffmpeg.global.avutil.av_pix_fmt_desc_get;

import io.maskstream.wire.Codec;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVPixFmtDescriptor;

/// How the samples of a picture stand for colours.
///
/// The bit stream's own word counts first, then the container's (the access unit's), then custom:
/// BT.709 from 720 lines on, else BT.601; limited range, except for stills, which are full.
///
/// @param pixelFormat FFmpeg's, never one of the deprecated full-range doubles (yuvj420p)
/// @param formatName its name
/// @param rgb whether the samples are R'G'B' already
/// @param matrix between Y'CbCr and R'G'B', as FFmpeg's AVColorSpace
/// @param fullRange whether luma uses all codes
/// @param subsampled whether chroma has fewer rows than luma, so that its place matters
/// @param chromaX the place of the first chroma sample, in 1/256 of a luma sample
/// @param chromaY likewise, downwards
record Color(
    int pixelFormat,
    String formatName,
    boolean rgb,
    int matrix,
    boolean fullRange,
    boolean subsampled,
    int chromaX,
    int chromaY) {

  private static final int HIGH_DEFINITION_LINES = 720;

  static Color of(AVFrame picture, PictureHints hints) throws UnsupportedPictureException {
    AVPixFmtDescriptor descriptor = av_pix_fmt_desc_get(picture.format());
    if (descriptor == null || descriptor.isNull()) {
      throw new UnsupportedPictureException("unknown pixel format " + picture.format());
    }
    boolean rgb = (descriptor.flags() & (AV_PIX_FMT_FLAG_RGB | AV_PIX_FMT_FLAG_PAL)) != 0;
    int format = withoutRange(picture.format());
    boolean grey = descriptor.nb_components() < 3;
    boolean subsampled = !rgb && !grey && descriptor.log2_chroma_h() > 0;
    int place = picture.chroma_location();
    boolean centred =
        place == AVCHROMA_LOC_CENTER
            || place == AVCHROMA_LOC_TOP
            || place == AVCHROMA_LOC_BOTTOM
            || place == 0 && hints.codec() == Codec.MJPEG;
    boolean top = place == AVCHROMA_LOC_TOP || place == AVCHROMA_LOC_TOPLEFT;
    boolean bottom = place == AVCHROMA_LOC_BOTTOM || place == AVCHROMA_LOC_BOTTOMLEFT;
    return new Color(
        format,
        descriptor.name().getString(),
        rgb,
        rgb || grey ? AVCOL_SPC_BT709 : matrix(picture, hints),
        rgb || format != picture.format() || fullRange(picture, hints),
        subsampled,
        centred ? 128 : 0,
        top ? 0 : bottom ? 256 : 128);
  }

  private static int matrix(AVFrame picture, PictureHints hints)
      throws UnsupportedPictureException {
    int said = picture.colorspace();
    if (said == AVCOL_SPC_BT709
        || said == AVCOL_SPC_FCC
        || said == AVCOL_SPC_BT470BG
        || said == AVCOL_SPC_SMPTE170M
        || said == AVCOL_SPC_SMPTE240M
        || said == AVCOL_SPC_BT2020_NCL
        || said == AVCOL_SPC_BT2020_CL) {
      return said;
    }
    // 0 is "RGB" in the standards, but also what careless muxers write into Y'CbCr streams.
    if (said != AVCOL_SPC_UNSPECIFIED && said != AVCOL_SPC_RESERVED && said != AVCOL_SPC_RGB) {
      throw new UnsupportedPictureException("colour matrix is not supported: code=" + said);
    }
    return switch (hints.colorMatrix()) {
      case BT601 -> AVCOL_SPC_SMPTE170M;
      case BT709 -> AVCOL_SPC_BT709;
      case BT2020 -> AVCOL_SPC_BT2020_NCL;
      case UNSPECIFIED ->
          picture.height() >= HIGH_DEFINITION_LINES ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M;
    };
  }

  private static boolean fullRange(AVFrame picture, PictureHints hints) {
    int said = picture.color_range();
    if (said == AVCOL_RANGE_JPEG || said == AVCOL_RANGE_MPEG) {
      return said == AVCOL_RANGE_JPEG;
    }
    return switch (hints.colorRange()) {
      case FULL -> true;
      case LIMITED -> false;
      case UNSPECIFIED -> hints.codec() == Codec.MJPEG || hints.codec() == Codec.PNG;
    };
  }

  /// FFmpeg's formats of full range are those of limited range under another number.
  private static int withoutRange(int format) {
    if (format == AV_PIX_FMT_YUVJ420P) {
      return AV_PIX_FMT_YUV420P;
    } else if (format == AV_PIX_FMT_YUVJ422P) {
      return AV_PIX_FMT_YUV422P;
    } else if (format == AV_PIX_FMT_YUVJ444P) {
      return AV_PIX_FMT_YUV444P;
    } else if (format == AV_PIX_FMT_YUVJ440P) {
      return AV_PIX_FMT_YUV440P;
    } else if (format == AV_PIX_FMT_YUVJ411P) {
      return AV_PIX_FMT_YUV411P;
    }
    return format;
  }
}
